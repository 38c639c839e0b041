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
#include <linux/iommu.h>
#include <linux/kexec_handover.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "iommu-priv.h"
#include "liveupdate.h"
#include "liveupdate-check.h"

/* For all domains, and for devices that belong to none. */
#define LU_ALL	U32_MAX

/* What other kernels call their state, which this one does not understand. */
static const char *const lu_foreign[] = {
	"iommu-v1",
	"iommu-liveupdate-v1",
	"iommu-liveupdate",
};

/**
 * struct lu_in_device - A device that was, or should have been, handed over.
 * @ser:       Its record, NULL if it has none that can be believed.
 * @dev:       The device, from when it is probed until it does not belong to
 *	live update any more.
 * @why:       Why it is in quarantine; NULL if it is not.
 * @confirmed: Its entry in the hardware is as recorded.
 */
struct lu_in_device {
	const struct iommu_device_ser *ser;
	struct device *dev;
	const char *why;
	bool confirmed;
};

/**
 * struct iommu_lu_restored - A domain that was handed over.
 * @domain:  The domain.
 * @users:   Who has it, live update among them until it is finished.
 * @taken:   Some file has it.
 * @nr_held: References to the pages that it maps.
 */
struct iommu_lu_restored {
	struct iommu_domain *domain;
	refcount_t users;
	bool taken;
	u64 nr_held;
};

/**
 * struct lu_in - What was handed over.
 * @lock:    Protects all of it.
 * @loaded:  It was looked for.
 * @found:   There is something, sound or not. Stays set.
 * @view:    What of it is sound. Empty if nothing is.
 * @devices: struct lu_in_device, by PCI segment and BDF.
 * @domains: struct iommu_lu_restored, by number, once restored; an error if
 *	that failed, or when it was given back.
 * @iommus:  struct iommu_device, by number, once restored.
 * @records: By number, the pages that are read as records of any kind.
 */
struct lu_in {
	struct mutex lock; /* Protects all of it */
	bool loaded;
	bool found;
	struct iommu_lu_view view;
	struct xarray devices;
	struct xarray domains;
	struct xarray iommus;
	struct xarray records;
};

static struct lu_in lu_in = {
	.lock = __MUTEX_INITIALIZER(lu_in.lock),
	.devices = XARRAY_INIT(lu_in.devices, 0),
	.domains = XARRAY_INIT(lu_in.domains, 0),
	.iommus = XARRAY_INIT(lu_in.iommus, 0),
	.records = XARRAY_INIT(lu_in.records, 0),
};

/* A damaged state can give rise to as many messages as it has bytes. */
static DEFINE_RATELIMIT_STATE(lu_messages, 5 * HZ, 100);

static unsigned long lu_key(u32 segment, u16 bdf)
{
	return (unsigned long)segment << 16 | bdf;
}

static struct lu_in_device *lu_find(struct device *dev)
{
	struct pci_dev *pdev;

	lockdep_assert_held(&lu_in.lock);
	if (!lu_in.found || !dev_is_pci(dev))
		return NULL;
	pdev = to_pci_dev(dev);
	return xa_load(&lu_in.devices,
		       lu_key(pci_domain_nr(pdev->bus), pci_dev_id(pdev)));
}

/*
 * Checking.
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
	if (xa_insert(&lu_in.records, PHYS_PFN(phys), xa_mk_value(0),
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

	return xa_find(&lu_in.records, &pfn, PHYS_PFN(phys + size - 1),
		       XA_PRESENT);
}

static void lu_report(void *ctx, const struct kho_fault *fault)
{
	static const char *const where[] = { "array", "page", "record" };

	if (!__ratelimit(&lu_messages))
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

static int lu_add_device(u32 segment, u16 bdf,
			 const struct iommu_device_ser *ser, gfp_t gfp)
{
	struct lu_in_device *in = kzalloc_obj(*in, gfp);
	int err;

	if (!in)
		return -ENOMEM;

	in->ser = ser;
	err = xa_insert(&lu_in.devices, lu_key(segment, bdf), in, gfp);
	if (err)
		kfree(in);
	return err;
}

static int lu_index_devices(void)
{
	const struct iommu_device_ser *ser;
	int err = 0;

	for (u32 i = 0; !err && i < lu_in.view.devices.nr_slots; i++) {
		ser = iommu_lu_device(&lu_in.view, i);
		if (ser)
			err = lu_add_device(ser->segment, ser->bdf, ser,
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

	err = iommu_lu_check(phys, &iommu_liveupdate_check_ops, NULL, &lu_in.view);
	if (!err)
		err = lu_index_devices();
	return err;
}

/* Whether a device belongs to a domain: what is in quarantine does not. */
static bool lu_is_of(const struct lu_in_device *in, u32 index)
{
	return index == LU_ALL ||
	       (in->ser && !in->why && in->ser->domain == index);
}

/* Whoever did not come must not use tables that are freed next. */
static void lu_forget_device(struct lu_in_device *in)
{
	struct iommu_device *iommu = NULL;

	if (in->confirmed)
		iommu = xa_load(&lu_in.iommus, in->ser->iommu);
	if (iommu)
		iommu->ops->liveupdate->forget_device(iommu, in->ser);
	kfree(in);
}

/* Those that are not there; they are like any other device from now on. */
static void lu_forget_devices(u32 index)
{
	struct lu_in_device *in;
	unsigned long key;

	xa_for_each(&lu_in.devices, key, in) {
		if (in->dev || !lu_is_of(in, index))
			continue;
		xa_erase(&lu_in.devices, key);
		lu_forget_device(in);
	}
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

static void lu_load(void)
{
	u64 phys;
	int err;

	lockdep_assert_held(&lu_in.lock);
	if (lu_in.loaded)
		return;

	lu_in.loaded = true;
	lu_in.found = lu_is_foreign();
	if (liveupdate_flb_incoming_data(IOMMU_LU_COMPATIBLE, &phys))
		return;

	lu_in.found = true;
	err = lu_check(phys);
	if (!err)
		return;
	pr_err("the state of the old kernel is refused: %pe\n", ERR_PTR(err));
	lu_forget_devices(LU_ALL);
	iommu_lu_release(&lu_in.view);
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
	guard(mutex)(&lu_in.lock);
	lu_load();
	return lu_in.found;
}

/**
 * iommu_liveupdate_mode - How the old kernel ran its IOMMUs
 *
 * Return: an IOMMU_MODE_ value, zero if there is nothing that can be believed.
 */
u16 iommu_liveupdate_mode(void)
{
	guard(mutex)(&lu_in.lock);
	return lu_in.view.root.mode;
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

	guard(mutex)(&lu_in.lock);
	for (u32 i = 0; i < lu_in.view.iommus.nr_slots; i++) {
		ser = iommu_lu_iommu(&lu_in.view, i);
		if (ser && ser->base == base)
			return ser;
	}
	return NULL;
}

/**
 * iommu_liveupdate_device - What the old kernel said of a device
 * @iommu: The IOMMU that it is behind.
 * @bdf:   Its bus, device and function, in the segment of the IOMMU.
 *
 * Return: The record, NULL if there is none that can be believed, or if it is
 * behind another IOMMU.
 */
const struct iommu_device_ser *
iommu_liveupdate_device(const struct iommu_ser *iommu, u16 bdf)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	in = xa_load(&lu_in.devices, lu_key(iommu->segment, bdf));
	if (!in || !in->ser ||
	    iommu_lu_iommu(&lu_in.view, in->ser->iommu) != iommu)
		return NULL;
	return in->ser;
}

/**
 * iommu_liveupdate_domain - What the old kernel said of a device's domain
 * @ser: The device.
 *
 * Return: The domain.
 */
const struct iommu_domain_ser *
iommu_liveupdate_domain(const struct iommu_device_ser *ser)
{
	return iommu_lu_domain(&lu_in.view, ser->domain);
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
	guard(mutex)(&lu_in.lock);
	for (u32 i = 0; i < lu_in.view.iommus.nr_slots; i++) {
		if (iommu_lu_iommu(&lu_in.view, i) == ser)
			return xa_err(xa_store(&lu_in.iommus, i, iommu,
					       GFP_KERNEL));
	}
	return -ENOENT;
}

/**
 * iommu_liveupdate_confirm - Say that a device's entry is as recorded
 * @ser: The device's record.
 */
void iommu_liveupdate_confirm(const struct iommu_device_ser *ser)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	in = xa_load(&lu_in.devices, lu_key(ser->segment, ser->bdf));
	if (in)
		in->confirmed = true;
}

/**
 * iommu_liveupdate_refuse - Say that a device cannot be taken over
 * @segment: PCI segment.
 * @bdf:     Bus, device and function.
 * @why:     What is wrong, a string that lives for ever.
 *
 * Its entry was cleared. It is put into quarantine when it is probed.
 */
void iommu_liveupdate_refuse(u32 segment, u16 bdf, const char *why)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	if (__ratelimit(&lu_messages))
		pr_err("%04x:%02x:%02x.%d: %s\n", segment, PCI_BUS_NUM(bdf),
		       PCI_SLOT(bdf), PCI_FUNC(bdf), why);
	/* One that is not known would be free for all. */
	lu_add_device(segment, bdf, NULL, GFP_KERNEL | __GFP_NOFAIL);
	in = xa_load(&lu_in.devices, lu_key(segment, bdf));
	in->why = why;
}

/*
 * For the core.
 */

/**
 * iommu_liveupdate_knows - Whether a device was handed over
 * @dev: The device, which is being probed.
 *
 * Return: true if it was, or should have been.
 */
bool iommu_liveupdate_knows(struct device *dev)
{
	guard(mutex)(&lu_in.lock);
	/* The IOMMU's driver may not know of live update. */
	lu_load();
	return lu_find(dev);
}

static struct iommu_lu_restored *
lu_restored_alloc(struct device *dev, const struct iommu_domain_ser *ser)
{
	struct iommu_device *iommu = dev->iommu->iommu_dev;
	struct iommu_lu_restored *restored = kzalloc_obj(*restored);
	struct iommu_domain *domain;

	if (!restored)
		return ERR_PTR(-ENOMEM);

	domain = iommu_domain_restore(iommu, dev, ser);
	if (IS_ERR(domain)) {
		kfree(restored);
		return ERR_CAST(domain);
	}
	restored->domain = domain;
	refcount_set(&restored->users, 1);
	return restored;
}

/* The domain that devices share is restored for the first of them. */
static struct iommu_lu_restored *lu_domain(struct device *dev, u32 index)
{
	struct iommu_lu_restored *restored = xa_load(&lu_in.domains, index);
	int err;

	if (xa_is_value(restored))
		return ERR_PTR(-(long)xa_to_value(restored));
	if (restored)
		return restored;

	/* A domain that a device uses already could not be freed. */
	err = xa_reserve(&lu_in.domains, index, GFP_KERNEL);
	if (err)
		return ERR_PTR(err);

	restored = lu_restored_alloc(dev, iommu_lu_domain(&lu_in.view, index));
	if (IS_ERR(restored))
		pr_err("domain %u: %pe\n", index, restored);
	/* That it failed is remembered, because some of it may be taken over. */
	xa_store(&lu_in.domains, index,
		 IS_ERR(restored) ? xa_mk_value(-PTR_ERR(restored)) :
				    (void *)restored, GFP_KERNEL);
	return restored;
}

static struct iommu_domain *lu_restore(struct device *dev,
				       struct lu_in_device *in)
{
	const struct iommu_liveupdate_ops *ops = dev_iommu_ops(dev)->liveupdate;
	struct iommu_lu_restored *restored;
	int err;

	if (!ops)
		return ERR_PTR(-EOPNOTSUPP);
	if (in->why || !in->ser || !in->confirmed)
		return ERR_PTR(-EBADMSG);

	restored = lu_domain(dev, in->ser->domain);
	if (IS_ERR(restored))
		return ERR_CAST(restored);

	err = ops->restore_device(dev, restored->domain, in->ser);
	return err ? ERR_PTR(err) : restored->domain;
}

/**
 * iommu_liveupdate_take_over - Get the domain that a device had
 * @dev: The device, which is being probed and was handed over.
 *
 * Return: The domain, to be attached instead of the default domain, or an
 * ERR_PTR(): the device is to be put into quarantine.
 */
struct iommu_domain *iommu_liveupdate_take_over(struct device *dev)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	in = lu_find(dev);
	if (!in)
		return ERR_PTR(-ENOENT);

	in->dev = dev;
	return lu_restore(dev, in);
}

/**
 * iommu_liveupdate_quarantine - Shut a device off
 * @dev: The device, which was handed over and cannot be taken over.
 * @why: What is wrong, a string that lives for ever.
 */
void iommu_liveupdate_quarantine(struct device *dev, const char *why)
{
	const struct iommu_liveupdate_ops *ops = dev_iommu_ops(dev)->liveupdate;
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	if (dev_is_pci(dev))
		pci_clear_master(to_pci_dev(dev));
	if (ops)
		ops->block_device(dev);

	in = lu_find(dev);
	if (!in)
		return;
	in->dev = dev;
	in->confirmed = false;
	if (!in->why)
		in->why = why;
	dev_err(dev, "in quarantine until the live update is finished: %s\n",
		in->why);
}

/**
 * iommu_liveupdate_unprobed - A device could not be probed
 * @dev: The device, which is in quarantine. It still is when it is probed
 *	again.
 */
void iommu_liveupdate_unprobed(struct device *dev)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	in = lu_find(dev);
	if (in)
		in->dev = NULL;
}

/**
 * iommu_liveupdate_removed - A device does not belong to live update any more
 * @dev: The device.
 */
void iommu_liveupdate_removed(struct device *dev)
{
	struct lu_in_device *in;

	guard(mutex)(&lu_in.lock);
	in = lu_find(dev);
	if (!in || in->dev != dev)
		return;
	xa_erase(&lu_in.devices,
		 lu_key(pci_domain_nr(to_pci_dev(dev)->bus),
			pci_dev_id(to_pci_dev(dev))));
	kfree(in);
}

/*
 * For file handlers.
 */

/* Some device that still belongs to live update, with a reference. */
static struct device *lu_any_device(u32 index)
{
	struct lu_in_device *in;
	unsigned long key;

	guard(mutex)(&lu_in.lock);
	xa_for_each(&lu_in.devices, key, in) {
		if (in->dev && lu_is_of(in, index))
			return get_device(in->dev);
	}
	return NULL;
}

/* Groups are locked before what was handed over, so not under its lock. */
static void lu_shut_off_devices(u32 index, const char *why)
{
	struct device *dev;

	while ((dev = lu_any_device(index))) {
		iommu_group_shut_off(dev, why);
		put_device(dev);
	}
}

static void lu_let_go_of_devices(u32 index)
{
	struct device *dev;

	while ((dev = lu_any_device(index))) {
		iommu_group_let_go(dev);
		iommu_liveupdate_removed(dev);
		put_device(dev);
	}
}

/**
 * iommu_liveupdate_domains - The domains that the old kernel left
 *
 * For the check of records that refer to them.
 *
 * Return: The array; empty if what was handed over is refused. It is valid
 * until the file is finished.
 */
const struct kho_sealed_array *iommu_liveupdate_domains(void)
{
	guard(mutex)(&lu_in.lock);
	lu_load();
	return &lu_in.view.domains;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_domains, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_get_domain - Get a domain that was handed over
 * @index:    Any number.
 * @is_known: Tells the files that may be mapped: those that were preserved with
 *	the domain, and that are retrieved.
 * @arg:      For @is_known.
 *
 * What is mapped stays where it is until the domain is freed. A domain is of
 * one file, and given out once.
 *
 * Return: The domain, for iommu_liveupdate_put_domain(); NULL if it is refused,
 * if no device came that it was attached to, if somebody else has it, or if
 * other pages are mapped than those of these files. Then its devices are put
 * into quarantine.
 */
struct iommu_lu_restored *
iommu_liveupdate_get_domain(u32 index,
			    bool (*is_known)(const struct address_space *mapping,
					     void *arg),
			    void *arg)
{
	struct iommu_lu_restored *restored;

	scoped_guard(mutex, &lu_in.lock) {
		restored = xa_load(&lu_in.domains, index);
		if (!restored || xa_is_value(restored) || restored->taken)
			return NULL;
		restored->taken = true;
		if (!iommu_liveupdate_hold(restored->domain, is_known, arg,
					   &restored->nr_held)) {
			refcount_inc(&restored->users);
			return restored;
		}
	}
	lu_shut_off_devices(index, "its domain maps what is of no file");
	return NULL;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_get_domain, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_restored_domain - The domain itself
 * @restored: What iommu_liveupdate_get_domain() returned.
 *
 * Return: The domain, in which nothing may be mapped or unmapped.
 */
struct iommu_domain *
iommu_liveupdate_restored_domain(const struct iommu_lu_restored *restored)
{
	return restored->domain;
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_restored_domain, "IOMMUFD_INTERNAL");

/**
 * iommu_liveupdate_put_domain - Undo iommu_liveupdate_get_domain()
 * @restored: The domain, to which the caller attached no device any more.
 *
 * The last one frees the domain, with all its tables.
 */
void iommu_liveupdate_put_domain(struct iommu_lu_restored *restored)
{
	struct iommu_domain *domain = restored->domain;

	if (!refcount_dec_and_test(&restored->users))
		return;
	iommu_liveupdate_release(domain, restored->nr_held);
	domain->owner->liveupdate->release_domain(domain);
	iommu_domain_free(domain);
	kfree(restored);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_put_domain, "IOMMUFD_INTERNAL");

/* Whether some device of a domain is not what its record says */
static bool lu_is_refused(u32 index)
{
	struct lu_in_device *in;
	unsigned long key;

	xa_for_each(&lu_in.devices, key, in) {
		if (in->ser && in->ser->domain == index &&
		    (in->why || !in->confirmed))
			return true;
	}
	return false;
}

/* No device came that would have had its tables restored. */
static void lu_free_tables(u32 index)
{
	const struct iommu_domain_ser *ser = iommu_lu_domain(&lu_in.view, index);
	struct iommu_domain *domain;
	struct iommu_device *iommu;
	unsigned long any = 0;

	iommu = xa_find(&lu_in.iommus, &any, ULONG_MAX, XA_PRESENT);
	if (!iommu || !ser)
		return;
	domain = iommu_domain_restore(iommu, NULL, ser);
	if (!IS_ERR(domain))
		iommu_domain_free(domain);
}

/* Once. What is refused stays reserved. */
static void lu_give_back(u32 index, bool refused)
{
	struct iommu_lu_restored *restored = xa_load(&lu_in.domains, index);

	if (xa_is_value(restored))
		return;
	xa_store(&lu_in.domains, index, xa_mk_value(ENODEV), GFP_KERNEL);
	if (restored)
		iommu_liveupdate_put_domain(restored);
	else if (!refused)
		lu_free_tables(index);
}

/**
 * iommu_liveupdate_finish_domain - Give back a domain that was handed over
 * @index: The number of its record, which is sound.
 *
 * Devices that are attached to it and that nobody claimed go back to their
 * default domain.
 */
void iommu_liveupdate_finish_domain(u32 index)
{
	bool refused;

	/* Who comes after this is not attached to it any more. */
	scoped_guard(mutex, &lu_in.lock) {
		refused = lu_is_refused(index);
		lu_forget_devices(index);
	}
	lu_let_go_of_devices(index);

	guard(mutex)(&lu_in.lock);
	lu_give_back(index, refused);
}
EXPORT_SYMBOL_NS_GPL(iommu_liveupdate_finish_domain, "IOMMUFD_INTERNAL");

/*
 * For the FLB.
 */

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

	xa_for_each(&lu_in.iommus, index, iommu)
		iommu->ops->liveupdate->release_iommu(iommu);
	xa_destroy(&lu_in.iommus);
}

/**
 * iommu_liveupdate_forget_pages - Undo the check of an array
 * @array: The array. Its pages may be read again.
 */
void iommu_liveupdate_forget_pages(const struct kho_sealed_array *array)
{
	for (u32 i = 0; i < array->nr_pages; i++)
		xa_erase(&lu_in.records, PHYS_PFN(array->pages[i].phys));
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

/**
 * iommu_liveupdate_finish - Give back what was handed over
 *
 * Devices that nobody claimed go back to their default domain, and quarantine
 * ends. The pages of refused domains and IOMMUs stay reserved.
 */
void iommu_liveupdate_finish(void)
{
	for (u32 i = 0; i < lu_in.view.domains.nr_slots; i++)
		iommu_liveupdate_finish_domain(i);
	scoped_guard(mutex, &lu_in.lock)
		lu_forget_devices(LU_ALL);
	lu_let_go_of_devices(LU_ALL);

	guard(mutex)(&lu_in.lock);
	lu_release_iommus();
	xa_destroy(&lu_in.domains);
	iommu_liveupdate_free_pages(&lu_in.view.devices);
	iommu_liveupdate_free_pages(&lu_in.view.domains);
	iommu_liveupdate_free_pages(&lu_in.view.iommus);
	iommu_liveupdate_free_pages(&lu_in.view.root_page);
	iommu_lu_release(&lu_in.view);
	xa_destroy(&lu_in.records);
}
