// SPDX-License-Identifier: GPL-2.0-only

/**
 * DOC: IOMMU live update, the new kernel
 *
 * What an old kernel left is checked as a whole when the first driver asks for
 * it. From then on it is only looked at through what was found sound.
 *
 * The driver of an IOMMU compares the tables that the hardware walks with the
 * records, and confirms the devices whose entry is as recorded. A confirmed
 * device gets the domain of the old kernel when it is probed, and belongs to
 * live update until somebody claims it or the last session is finished.
 *
 * All else fails closed. A device that was preserved, and whose record, domain
 * or IOMMU is not as it should be, is put into quarantine: its entry is cleared
 * and flushed, bus mastering is off, and nobody can bind to it before the last
 * session is finished. The pages that belong to it stay reserved.
 *
 * What is read as a record is nobody's table, whatever a table says. What was
 * handed over for devices that do not come is given back in the end, as the
 * rest is.
 *
 * Who retrieves a file gets the domains of its records, and claims the devices
 * that they are attached to; nothing in the hardware changes by that. When the
 * file is finished, its domains are freed with all their tables as soon as
 * nobody has them any more.
 */

#define pr_fmt(fmt)	"iommu: live update: " fmt

#include <linux/cleanup.h>
#include <linux/kexec_handover.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/ratelimit.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-incoming.h"

/* What other kernels call their state, which this one does not understand. */
static const char *const lu_foreign[] = {
	"iommu-v1",
	"iommu-liveupdate-v1",
	"iommu-liveupdate",
};

struct iommu_lu_in iommu_lu_in = {
	.lock = __MUTEX_INITIALIZER(iommu_lu_in.lock),
	.devices = XARRAY_INIT(iommu_lu_in.devices, 0),
	.domains = XARRAY_INIT(iommu_lu_in.domains, 0),
	.iommus = XARRAY_INIT(iommu_lu_in.iommus, 0),
	.records = XARRAY_INIT(iommu_lu_in.records, 0),
};

/* A damaged state can give rise to as many messages as it has bytes. */
struct ratelimit_state iommu_lu_messages =
	RATELIMIT_STATE_INIT("iommu_lu_messages", 5 * HZ, 100);

/*
 * Records.
 */

/* A physical address that is not preserved is never looked at. */
static bool lu_preserved(void *ctx, u64 phys, u64 size)
{
	u64 page = ALIGN_DOWN(phys, PAGE_SIZE);
	int order = kho_preserved_order(page);

	return order >= 0 && size <= (PAGE_SIZE << order) - (phys - page);
}

/* What is read by two would be freed by two. */
static const void *lu_map(void *ctx, u64 phys, u64 size)
{
	if (xa_insert(&iommu_lu_in.records, PHYS_PFN(phys), xa_mk_value(0),
		      GFP_KERNEL))
		return NULL;
	return phys_to_virt(phys);
}

/**
 * iommu_liveupdate_reads - Whether memory is read as records
 * @phys: Where it starts.
 * @size: How many bytes, at least one.
 *
 * Nobody may take it over as something else then.
 *
 * Context: Any; takes no lock.
 * Return: true if any of it is.
 */
bool iommu_liveupdate_reads(phys_addr_t phys, size_t size)
{
	unsigned long pfn = PHYS_PFN(phys);

	return xa_find(&iommu_lu_in.records, &pfn, PHYS_PFN(phys + size - 1),
		       XA_PRESENT);
}

static void lu_report(void *ctx, const struct kho_fault *fault)
{
	static const char *const where[] = { "array", "page", "record" };

	if (!__ratelimit(&iommu_lu_messages))
		return;
	pr_err("%s: %s %u at %#llx: %s: found %#llx, expected %s\n",
	       fault->array, where[fault->where], fault->index, fault->phys,
	       fault->rule, fault->found, fault->expected);
}

/* For whoever has records of the same handover. */
const struct kho_sealed_ops iommu_liveupdate_check_ops = {
	.map = lu_map,
	.preserved = lu_preserved,
	.report = lu_report,
};
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_check_ops, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_forget_pages - Undo the check of an array
 * @array: The array. Its pages may be read again.
 */
void iommu_liveupdate_forget_pages(const struct kho_sealed_array *array)
{
	for (u32 i = 0; i < array->nr_pages; i++)
		xa_erase(&iommu_lu_in.records, PHYS_PFN(array->pages[i].phys));
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_forget_pages, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_free_pages - Give back the pages of an array
 * @array: The array, which was checked. Nobody looks at its records any more.
 *
 * Lost pages may belong to somebody else: they stay reserved.
 */
void iommu_liveupdate_free_pages(const struct kho_sealed_array *array)
{
	for (u32 i = 0; i < array->nr_pages; i++) {
		u64 phys = array->pages[i].phys;

		if (!array->pages[i].lost && kho_preserved_order(phys) == 0)
			kho_restore_free(phys_to_virt(phys));
	}
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_free_pages, "IOMMUFD_INTERNAL");

/*
 * The state as a whole.
 */

static int lu_index_devices(void)
{
	const struct iommu_device_ser *ser;
	int err = 0;

	for (u32 i = 0; !err && i < iommu_lu_in.view.devices.nr_slots; i++) {
		ser = iommu_lu_device(&iommu_lu_in.view, i);
		if (ser)
			err = iommu_lu_add_device(ser->segment, ser->bdf, ser,
						  GFP_KERNEL);
	}
	return err;
}

/* Without live update nobody could take a device back. */
static int lu_check(u64 phys)
{
	int err;

	if (!liveupdate_enabled())
		return -EOPNOTSUPP;

	err = iommu_lu_check(phys, &iommu_liveupdate_check_ops, NULL,
			     &iommu_lu_in.view);
	if (!err)
		err = lu_index_devices();
	return err;
}

static bool lu_is_foreign(void)
{
	u64 data;

	for (size_t i = 0; i < ARRAY_SIZE(lu_foreign); i++) {
		if (liveupdate_flb_incoming_data(lu_foreign[i], &data))
			continue;
		pr_err("the state '%s' of the old kernel is not understood\n",
		       lu_foreign[i]);
		return true;
	}
	return false;
}

/* Look at what was handed over, if nobody did. */
void iommu_lu_load(void)
{
	u64 phys;
	int err;

	lockdep_assert_held(&iommu_lu_in.lock);
	if (iommu_lu_in.loaded)
		return;

	iommu_lu_in.loaded = true;
	iommu_lu_in.found = lu_is_foreign();
	if (liveupdate_flb_incoming_data(IOMMU_LU_COMPATIBLE, &phys))
		return;

	iommu_lu_in.found = true;
	err = lu_check(phys);
	if (!err)
		return;
	pr_err("the state of the old kernel is refused: %pe\n", ERR_PTR(err));
	iommu_lu_forget_devices(IOMMU_LU_ALL);
	iommu_lu_release(&iommu_lu_in.view);
}

/**
 * iommu_liveupdate_retrieve - Look at what was handed over
 *
 * Does not fail: what is refused is in quarantine.
 */
void iommu_liveupdate_retrieve(void)
{
	iommu_liveupdate_incoming();
}

static void lu_release_iommus(void)
{
	struct iommu_device *iommu;
	unsigned long index;

	xa_for_each(&iommu_lu_in.iommus, index, iommu)
		iommu->ops->liveupdate->release_iommu(iommu);
	xa_destroy(&iommu_lu_in.iommus);
}

/**
 * iommu_liveupdate_finish - Give back what was handed over
 *
 * Devices that nobody claimed go back to their default domain, and quarantine
 * ends. The pages of refused domains and IOMMUs stay reserved.
 */
void iommu_liveupdate_finish(void)
{
	for (u32 i = 0; i < iommu_lu_in.view.domains.nr_slots; i++)
		iommu_liveupdate_finish_domain(i);
	scoped_guard(mutex, &iommu_lu_in.lock)
		iommu_lu_forget_devices(IOMMU_LU_ALL);
	iommu_lu_let_go_of_devices(IOMMU_LU_ALL);

	guard(mutex)(&iommu_lu_in.lock);
	lu_release_iommus();
	xa_destroy(&iommu_lu_in.domains);
	iommu_liveupdate_free_pages(&iommu_lu_in.view.devices);
	iommu_liveupdate_free_pages(&iommu_lu_in.view.domains);
	iommu_liveupdate_free_pages(&iommu_lu_in.view.iommus);
	iommu_liveupdate_free_pages(&iommu_lu_in.view.root_page);
	iommu_lu_release(&iommu_lu_in.view);
	xa_destroy(&iommu_lu_in.records);
}

/*
 * For drivers.
 */

/**
 * iommu_liveupdate_incoming - Whether an old kernel left something in use
 *
 * If it did, translation is not to be switched off, even if what it left is
 * refused.
 *
 * Context: After early initcalls. May sleep.
 * Return: true if there is something.
 */
bool iommu_liveupdate_incoming(void)
{
	guard(mutex)(&iommu_lu_in.lock);
	iommu_lu_load();
	return iommu_lu_in.found;
}

/**
 * iommu_liveupdate_mode - How the old kernel ran its IOMMUs
 *
 * Return: an IOMMU_MODE_ value, zero if there is nothing that can be believed.
 */
u16 iommu_liveupdate_mode(void)
{
	guard(mutex)(&iommu_lu_in.lock);
	return iommu_lu_in.view.root.mode;
}

/**
 * iommu_liveupdate_iommu - What the old kernel said of an IOMMU
 * @base: Physical address of its registers.
 *
 * Return: The record, NULL if there is none that can be believed. It is valid
 * until the driver's release_iommu().
 */
const struct iommu_ser *iommu_liveupdate_iommu(u64 base)
{
	const struct iommu_ser *ser;

	guard(mutex)(&iommu_lu_in.lock);
	for (u32 i = 0; i < iommu_lu_in.view.iommus.nr_slots; i++) {
		ser = iommu_lu_iommu(&iommu_lu_in.view, i);
		if (ser && ser->base == base)
			return ser;
	}
	return NULL;
}

/**
 * iommu_liveupdate_restored - Say that an IOMMU's tables are taken over
 * @ser:   The record, of iommu_liveupdate_iommu().
 * @iommu: The IOMMU. The driver's release_iommu() is called for it.
 *
 * Return: 0, or a negative errno; then they must not be.
 */
int iommu_liveupdate_restored(const struct iommu_ser *ser,
			      struct iommu_device *iommu)
{
	guard(mutex)(&iommu_lu_in.lock);
	for (u32 i = 0; i < iommu_lu_in.view.iommus.nr_slots; i++) {
		if (iommu_lu_iommu(&iommu_lu_in.view, i) == ser)
			return xa_err(xa_store(&iommu_lu_in.iommus, i, iommu,
					       GFP_KERNEL));
	}
	return -ENOENT;
}
