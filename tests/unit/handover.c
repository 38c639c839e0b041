// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi/kexec-metadata-v1.h>
#include <luser/abi/kho-v4.h>
#include <luser/abi/luo-v5.h>
#include <luser/abi/memblock-v1.h>
#include <luser/abi/memfd-v2.h>

#include "handover.h"

#define BASE 0x100000000
#define SIZE (UINT64_C(256) << 20)

static void must(enum luser_code code, const struct luser_error *err)
{
	ck_assert_msg(code == LUSER_OK, "%s: %s", luser_code_text(code),
		      err->message);
}

void handover_set(const struct luser_struct *type, uint8_t *at,
		  const char *name, uint64_t value)
{
	const struct luser_field *field = luser_struct_field(type, name);

	ck_assert_msg(field, "no field %s in %s", name, type->name);
	luser_field_set(field, at, 0, value);
}

void handover_begin(struct handover *h, uint32_t page_size, uint64_t seed)
{
	struct luser_error err;

	*h = (struct handover){0};
	must(luser_image_new(BASE, SIZE, page_size, &h->image, &err), &err);
	luser_image_scatter(h->image, seed);
	must(luser_encode_root(h->image, &luser_abi_luo_v5, &h->luo, &err),
	     &err);
	handover_set(luser_luo_v5_luo_type(), h->luo.at, "liveupdate_num",
		     HANDOVER_NUMBER - 1);
	luser_array_begin(&h->sessions, h->image, luser_luo_v5_sessions_array(),
			  NULL, 0);
	luser_array_begin(&h->flbs, h->image, luser_luo_v5_flbs_array(), NULL,
			  LUSER_LUO_V5_FLBS_CAPACITY(page_size));
	handover_add_subtree(h, luser_abi_luo_v5.key, h->luo.phys,
			     LUSER_LUO_V5_LUO_SIZE);
}

void handover_end(struct handover *h)
{
	luser_image_free(h->image);
}

uint64_t handover_page(struct handover *h)
{
	struct luser_error err;
	uint64_t phys;

	must(luser_image_alloc(h->image, 0, true, &phys, &err), &err);
	return phys;
}

void handover_add_subtree(struct handover *h, const char *name, uint64_t phys,
			  uint64_t size)
{
	h->subtrees[h->nr_subtrees++] =
		(struct handover_subtree){name, phys, size};
}

static void end_session(struct handover *h)
{
	size_t at = luser_luo_v5_session_type()->fields[1].offset;

	if (h->session)
		ck_assert_int_eq(luser_array_link(&h->files,
						  luser_luo_v5_file_set_type(),
						  h->session + at),
				 LUSER_OK);
	h->session = NULL;
}

void handover_add_session(struct handover *h, const char *name)
{
	struct luser_luo_v5_session session = {0};
	struct luser_slot slot;
	struct luser_error err;

	end_session(h);
	snprintf(session.name, sizeof(session.name), "%s", name);
	must(luser_array_add(&h->sessions, &slot, &err), &err);
	luser_luo_v5_session_pack(&session, slot.at);
	h->session = slot.at;
	luser_array_begin(&h->files, h->image, luser_luo_v5_files_array(), NULL,
			  0);
}

void handover_add_file(struct handover *h, const char *compatible,
		       uint64_t data, uint64_t token)
{
	struct luser_luo_v5_file file = {.data = data, .token = token};
	struct luser_slot slot;
	struct luser_error err;

	snprintf(file.compatible, sizeof(file.compatible), "%s", compatible);
	must(luser_array_add(&h->files, &slot, &err), &err);
	luser_luo_v5_file_pack(&file, slot.at);
}

void handover_add_flb(struct handover *h, const char *name, uint64_t data)
{
	struct luser_luo_v5_flb flb = {.data = data, .count = 1};
	struct luser_slot slot;
	struct luser_error err;

	snprintf(flb.name, sizeof(flb.name), "%s", name);
	must(luser_array_add(&h->flbs, &slot, &err), &err);
	luser_luo_v5_flb_pack(&flb, slot.at);
}

static uint8_t *make_folios(struct handover *h, uint64_t pages)
{
	uint32_t page_size = luser_image_page_size(h->image);
	uint8_t *folios = calloc(pages + 1, LUSER_MEMFD_V2_LUO_FOLIO_SIZE);

	ck_assert_ptr_nonnull(folios);
	for (uint64_t i = 0; i < pages; i++) {
		struct luser_memfd_v2_luo_folio folio = {
			.pfn = handover_page(h) / page_size,
			.flags = LUSER_MEMFD_V2_FOLIO_FLAGS_UPTODATE,
			.index = i,
		};

		luser_memfd_v2_luo_folio_pack(
			&folio, folios + i * LUSER_MEMFD_V2_LUO_FOLIO_SIZE);
	}
	return folios;
}

void handover_add_memfd(struct handover *h, uint64_t token, uint64_t pages)
{
	const struct luser_struct *type = luser_memfd_v2_luo_type();
	uint8_t *folios = make_folios(h, pages);
	struct luser_encoded_root root;
	struct luser_error err;

	must(luser_encode_root(h->image, &luser_abi_memfd_v2, &root, &err),
	     &err);
	handover_set(type, root.at, "size",
		     pages * luser_image_page_size(h->image));
	must(luser_encode_page_list(h->image,
				    luser_struct_field(type, "folios"), root.at,
				    folios, pages, 0, &err),
	     &err);
	free(folios);
	handover_add_file(h, luser_abi_memfd_v2.key, root.phys, token);
}

static void add_metadata(struct handover *h)
{
	struct luser_kexec_metadata_v1_kexec_metadata metadata = {
		.version = 1,
		.previous_release = "7.3.0-old",
		.kexec_count = HANDOVER_NUMBER,
	};
	struct luser_encoded_root root;
	struct luser_error err;

	must(luser_encode_root(h->image, &luser_abi_kexec_metadata_v1, &root,
			       &err),
	     &err);
	luser_kexec_metadata_v1_kexec_metadata_pack(&metadata, root.at);
	handover_add_subtree(h, luser_abi_kexec_metadata_v1.key, root.phys,
			     LUSER_KEXEC_METADATA_V1_KEXEC_METADATA_SIZE);
}

void handover_add_reservations(struct handover *h,
			       const struct luser_range *ranges, size_t nr)
{
	const struct luser_fdt_node *root = luser_abi_memblock_v1.root_node;
	const struct luser_fdt_node *child = root->children[0].node;
	uint64_t phys = handover_page(h);
	uint8_t values[64] = {0};
	struct luser_fdt_writer writer;
	struct luser_error err;
	char name[32];
	size_t len;

	luser_fdt_begin(&writer, luser_image_at(h->image, phys, 4096), 4096);
	luser_fdt_open_node(&writer, root, "", values, LUSER_FDT_ALL);
	for (size_t i = 0; i < nr; i++) {
		snprintf(name, sizeof(name), "reserved-%zu", i);
		handover_set(child->properties, values, "start",
			     ranges[i].start);
		handover_set(child->properties, values, "size", ranges[i].len);
		luser_fdt_open_node(&writer, child, name, values,
				    LUSER_FDT_ALL);
		luser_fdt_close_node(&writer);
	}
	luser_fdt_close_node(&writer);
	must(luser_fdt_end(&writer, &len, &err), &err);
	handover_add_subtree(h, luser_abi_memblock_v1.key, phys, len);
}

void handover_add_kernel(struct handover *h)
{
	struct luser_range reserved = {handover_page(h), 4096};

	add_metadata(h);
	handover_add_reservations(h, &reserved, 1);
}

static void link_luo(struct handover *h)
{
	end_session(h);
	ck_assert_int_eq(luser_array_link(&h->sessions, luser_luo_v5_luo_type(),
					  h->luo.at),
			 LUSER_OK);
	ck_assert_int_eq(luser_array_link(&h->flbs, luser_luo_v5_luo_type(),
					  h->luo.at),
			 LUSER_OK);
}

static void write_subtree(struct luser_fdt_writer *writer,
			  const struct luser_fdt_node *node,
			  const struct handover_subtree *subtree)
{
	uint8_t values[64] = {0};

	handover_set(node->properties, values, "preserved-data", subtree->phys);
	handover_set(node->properties, values, "blob-size", subtree->size);
	luser_fdt_open_node(writer, node, subtree->name, values, LUSER_FDT_ALL);
	luser_fdt_close_node(writer);
}

void handover_finish(struct handover *h)
{
	const struct luser_fdt_node *node = luser_abi_kho_v4.root_node;
	const struct luser_field *map =
		luser_struct_field(node->properties, "preserved-memory-map");
	uint32_t page_size = luser_image_page_size(h->image);
	struct luser_fdt_writer writer;
	uint8_t values[64] = {0};
	struct luser_error err;
	uint64_t phys;
	size_t len;

	link_luo(h);
	phys = handover_page(h);
	must(luser_encode_tree(h->image, map->link->tree, &h->map, &err), &err);
	luser_field_set(map, values, 0, h->map);
	luser_fdt_begin(&writer, luser_image_at(h->image, phys, page_size),
			page_size);
	luser_fdt_open_node(&writer, node, "", values, LUSER_FDT_ALL);
	for (unsigned int i = 0; i < h->nr_subtrees; i++)
		write_subtree(&writer, node->children[0].node, &h->subtrees[i]);
	luser_fdt_close_node(&writer);
	must(luser_fdt_end(&writer, &len, &err), &err);
	h->root = (struct luser_root){
		.role = LUSER_ROLE_UNKNOWN,
		.why = "made by a test",
		.phys = phys,
	};
}
