/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The descriptor tables: what an ABI looks like, as data.
 *
 * The generator writes one struct luser_abi per schema. Walking, checking,
 * printing, comparing and encoding work from these tables alone, so no code
 * knows an ABI by name. All of it is constant and lives as long as the
 * library. The construct names are those of the schema language.
 */
#ifndef LUSER_ABI_H
#define LUSER_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct luser_abi;
struct luser_array;
struct luser_field;
struct luser_fdt_node;
struct luser_struct;

/* A count, or a size, that is whatever is left of the page. */
#define LUSER_REST_OF_PAGE UINT32_MAX

/**
 * struct luser_env - what a rule may look at beside its own struct
 * @page_size:   bytes in a page of the kernel that wrote the memory
 * @page_shift:  its logarithm
 * @capacity:    records that fit in one page of the array being read
 * @record_size: bytes of the array's record as this schema knows it
 * @root:        bytes of the ABI's root struct, or NULL
 * @root_size:   how many
 */
struct luser_env {
	uint64_t page_size;
	uint32_t page_shift;
	uint32_t capacity;
	uint32_t record_size;
	uint32_t root_size;
	const uint8_t *root;
};

/**
 * struct luser_name - one enum item or flag
 * @value: the item's value; for a flag its mask
 */
struct luser_name {
	const char *name;
	const char *doc;
	uint64_t value;
};

/* What a reader does about a bit that no flag names. */
enum luser_unknown_bits {
	LUSER_UNKNOWN_REPORT,
	LUSER_UNKNOWN_IGNORE,
	LUSER_UNKNOWN_REFUSE,
};

/**
 * struct luser_names - an enum or a set of flags
 * @items:  in the order of the schema
 * @is_flags: each item is a mask
 * @unknown: for flags, what an unnamed bit means
 */
struct luser_names {
	const char *name;
	const char *doc;
	const struct luser_name *items;
	uint16_t nr_items;
	bool is_flags;
	enum luser_unknown_bits unknown;
};

enum luser_kind {
	LUSER_UINT,    /* an unsigned integer, or bits of one */
	LUSER_STRING,  /* bytes up to a NUL in a fixed array */
	LUSER_BYTES,   /* bytes without a meaning here */
	LUSER_PAD,     /* bytes that are zero */
	LUSER_STRUCT,  /* nested structs */
	LUSER_PHYS,    /* a physical address, see link */
	LUSER_INDEX,   /* a record's number in an array, see link */
	LUSER_POINTER, /* a pointer of some kernel: shown, never followed */
	LUSER_UNION,   /* one struct of several, in place */
	LUSER_SECTION, /* one struct of several, elsewhere in the record */
};

enum luser_format {
	LUSER_DEC,
	LUSER_HEX,
	LUSER_SIZE, /* bytes */
	LUSER_BDF,  /* bus 15:8, device 7:3, function 2:0 */
	LUSER_PFN,  /* page frame number: times page size is an address */
};

enum luser_link_kind {
	LUSER_TO_STRUCT,
	LUSER_TO_ARRAY,
	LUSER_TO_RECORD, /* inside the pages of an array read before */
	LUSER_TO_INDEX,  /* the same by number */
	LUSER_TO_TREE,
	LUSER_TO_MEMORY, /* preserved pages, not described further */
	LUSER_TO_DISPATCH,
};

/**
 * struct luser_dispatch - look the target up by a name or number
 * @registry: the family of ABIs, see luser_abi_first()
 * @by:       the field with the key; NULL is the FDT node's own name
 * @size:     the field with the target's length in bytes, or NULL
 * @fdt_size: the target is a device tree, whose header has its length
 * @refused:  said to a person: what a kernel that has the ABI with this field
 *            does with a key that nobody there knows; or NULL
 * @exported: the kernel function by which a handler makes itself known, or
 *            NULL: where a kernel exports it, a module may have the handler
 */
struct luser_dispatch {
	const char *registry;
	const struct luser_field *by;
	const struct luser_field *size;
	bool fdt_size;
	const char *refused;
	const char *exported;
};

/**
 * struct luser_linear - a number that depends on the page size
 *
 * The value is @constant + @shifts x page_shift.
 */
struct luser_linear {
	int16_t constant;
	int16_t shifts;
};

/**
 * struct luser_chunks - bitmaps of preserved blocks, listed in an array
 *
 * Each bit of a bitmap stands for one block, the first one for that at @start.
 *
 * @array:  has a record for each bitmap
 * @order:  header field with the order of the blocks
 * @start:  record field with the address of the first block
 * @bitmap: record field with the address of the bitmap
 */
struct luser_chunks {
	const struct luser_array *array;
	const struct luser_field *order;
	const struct luser_field *start;
	const struct luser_field *bitmap;
};

/**
 * struct luser_tree - the map of preserved blocks: a radix tree, or bitmaps
 * @key_bits:   width of a key
 * @table_bits: logarithm of the entries in a table page
 * @leaf_bits:  logarithm of the bits in a leaf page, or in a bitmap
 * @order_bit:  position of the bit that says order 0
 * @chunks:     what lists the bitmaps, in place of the tables; NULL: a radix
 *              tree, and else @leaf_bits is the only one of the numbers
 * @freed:      said to a person: why the tree is stale in a running kernel's
 *              incoming handover; NULL if it is not
 */
struct luser_tree {
	const char *name;
	const char *doc;
	struct luser_linear key_bits;
	struct luser_linear table_bits;
	struct luser_linear leaf_bits;
	struct luser_linear order_bit;
	const struct luser_chunks *chunks;
	const char *freed;
};

/* How much of the memory at an address belongs to who has the address. */
enum luser_owns {
	LUSER_OWNS_NOTHING,
	LUSER_OWNS_BYTES, /* as many as the record says */
	LUSER_OWNS_BLOCK, /* the preserved block that starts there */
	LUSER_OWNS_OPEN,  /* that, and what its content leads to: nobody knows */
};

/**
 * struct luser_page_format - what page tables of one format are made of
 *
 * A table has 2^@index_bits entries of eight bytes, little-endian. Its level is
 * 0 if its entries map the smallest pages, and one more for each level above.
 * Sets of bits are in the places that they have in an entry.
 *
 * @granule_shift: logarithm of the smallest page
 * @index_bits:    logarithm of the entries in a table
 * @min_top, @max_top: levels that a top table may have
 * @va_bits:     bits of an input address, at most
 * @oa_bits:     bits of an output address, at most
 * @zero_only:   a kernel takes any entry that is not zero for one that is there
 * @sizes:       bit n is set if there are pages of 2^n bytes
 * @present:     an entry that is there has at least one of these bits
 * @address:     of the table or page that the entry leads to
 * @not_address: bits of @address that say something else in pages above level 0
 * @page:        the entry above level 0 is a page; 0: the next level says so
 * @next_mask:   bits that say the level of the next table, plus 1; 0: none do
 * @next_shift:  the lowest of them
 * @next_page:   what they say of a page as large as the level's
 * @next_sized:  what they say of a page that has its size in its address: n
 *               ones below a zero, from the lowest address bit on, are
 *               2^(n + 1) of the smallest pages; it takes as many entries as
 *               it has pages of the level's size
 * @read:        it can be read; 0: always
 * @write:       it can be written
 * @table:       what a kernel sets in an entry that leads to a table
 * @updated:     bits that the hardware sets
 * @reserved_tables, @reserved_pages: bits that are zero
 */
struct luser_page_format {
	const char *name;
	const char *doc;
	uint8_t granule_shift;
	uint8_t index_bits;
	uint8_t min_top;
	uint8_t max_top;
	uint8_t va_bits;
	uint8_t oa_bits;
	bool zero_only;
	uint64_t sizes;
	uint64_t present;
	uint64_t address;
	uint64_t not_address;
	uint64_t page;
	uint64_t next_mask;
	uint8_t next_shift;
	uint8_t next_page;
	uint8_t next_sized;
	uint64_t read;
	uint64_t write;
	uint64_t table;
	uint64_t updated;
	uint64_t reserved_tables;
	uint64_t reserved_pages;
};

/**
 * struct luser_page_arm - one value of a field that tells the format
 * @format: NULL is known, but not described
 */
struct luser_page_arm {
	const char *name;
	uint64_t tag;
	const struct luser_page_format *format;
};

/**
 * struct luser_page_table - how a record says what its page tables are
 *
 * All fields are beside the one with the top table's address.
 *
 * @arms:        the formats
 * @tag:         which of them it is
 * @top_level:   level of the top table
 * @va_bits, @oa_bits: bits of an input and of an output address
 * @granule_shift: logarithm of the smallest page
 * @count:       tables, the top one included
 * @sign_extend: has bits of @sign_extend_mask if input addresses are extended
 *               from their top bit; NULL: they never are
 * @freed:       said to a person: why the tables are stale in a running kernel's
 *               incoming handover; NULL if they are not
 */
struct luser_page_table {
	const struct luser_page_arm *arms;
	uint16_t nr_arms;
	const struct luser_field *tag;
	const struct luser_field *top_level;
	const struct luser_field *va_bits;
	const struct luser_field *oa_bits;
	const struct luser_field *granule_shift;
	const struct luser_field *count;
	const struct luser_field *sign_extend;
	uint64_t sign_extend_mask;
	const char *freed;
};

/**
 * struct luser_link - where an address or an index leads
 * @align:     what the address is a multiple of; 0 is the page size
 * @nullable:  zero (or @none, for an index) leads nowhere and is no error
 * @none:      the index that leads nowhere
 * @first:     followed before the other fields of its struct
 * @abi_id:    for an index into another ABI's array, that ABI's id
 * @page_table: for memory that is the top one of page tables, what is said of
 *             them; or NULL
 * @when_null: said to a person when it leads nowhere, or NULL
 * @owns:      for LUSER_TO_MEMORY, what of it is the record's own
 * @length:    for LUSER_OWNS_BYTES, how many bytes; @at as luser_field_phys()
 *             has it
 * @reachable: for LUSER_TO_MEMORY, page tables of the same group may map it
 * @not_followed: said to a person: why what is there is not looked at; or NULL
 */
struct luser_link {
	enum luser_link_kind kind;
	uint32_t align;
	bool nullable;
	bool first;
	bool reachable;
	uint64_t none;
	const struct luser_struct *type;
	const struct luser_array *array;
	const struct luser_tree *tree;
	const struct luser_dispatch *dispatch;
	const struct luser_page_table *page_table;
	const char *abi_id;
	const char *when_null;
	enum luser_owns owns;
	uint64_t (*length)(const uint8_t *at, const struct luser_env *env);
	const char *not_followed;
};

/**
 * struct luser_arm - one case of a union or section
 * @tag:  the value that selects it
 * @type: what is there then; NULL is known, but without content
 */
struct luser_arm {
	const char *name;
	uint64_t tag;
	const struct luser_struct *type;
};

/**
 * struct luser_choice - how a union or section is told
 * @arms:   the known cases
 * @tag:    the field that tells; of the record, of the root if @in_root, or
 *          of the record that @via refers to
 * @offset: for a section, the field with its offset in the record
 * @size:   for a section, the field with its length
 */
struct luser_choice {
	const struct luser_arm *arms;
	uint16_t nr_arms;
	bool in_root;
	const struct luser_field *const *tag;  /* path, NULL-ended */
	const struct luser_field *const *via;  /* path, NULL-ended, or NULL */
	const struct luser_field *offset;
	const struct luser_field *size;
};

/**
 * struct luser_holds - the records that a page list's pages hold, or a property,
 * or that follow their struct (then the field's count is LUSER_REST_OF_PAGE)
 * @record: what they are
 * @count:  the field beside it with the number of records
 * @place:  the record's field that says where its memory is, counted in pages:
 *          the records are sorted by it, and do not overlap; or NULL
 * @end:    then, the field beside @count that says in bytes how far they go
 */
struct luser_holds {
	const struct luser_struct *record;
	const struct luser_field *count;
	const struct luser_field *place;
	const struct luser_field *end;
};

/**
 * struct luser_fixed - the one value that a field may have
 * @string: for a string
 * @number: for an integer
 */
struct luser_fixed {
	const char *string;
	uint64_t number;
};

/**
 * struct luser_field - one field of a struct, or one property of an FDT node
 * @offset:   bytes from the start of the struct
 * @size:     bytes of one element; of the storage unit for bits
 * @count:    elements; 1 is no array; LUSER_REST_OF_PAGE fills the page, or the
 *            property, which then takes no room in its struct
 * @bit:      lowest bit in the storage unit
 * @bits:     how many, 0 is all
 * @shift:    an address is shifted right by that
 * @since:    struct size from which on the field exists, for a record that
 *            grew; 0 is always
 * @generation: counts handovers: of two roots the higher one is later
 * @fixed:    its only value, or NULL
 */
struct luser_field {
	const char *name;
	const char *doc;
	enum luser_kind kind;
	enum luser_format format;
	uint32_t offset;
	uint32_t size;
	uint32_t count;
	uint8_t bit;
	uint8_t bits;
	uint8_t shift;
	bool generation;
	uint32_t since;
	const struct luser_fixed *fixed;
	const struct luser_names *names;
	const struct luser_struct *type;
	const struct luser_link *link;
	const struct luser_choice *choice;
	const struct luser_holds *holds;
};

/**
 * struct luser_rule - something that must hold
 * @name:  short, unique in its struct
 * @check: the check of luser_checks() that it belongs to, or NULL
 * @that:  the rule as an expression, for a person
 * @doc:   why, one sentence
 * @field: the field to show beside it, or NULL for the whole struct
 * @refuse: when broken, the object is not decoded further
 */
struct luser_rule {
	const char *name;
	const char *check;
	const char *that;
	const char *doc;
	const struct luser_field *field;
	bool refuse;
};

/**
 * struct luser_page_list - a struct that leads to scattered pages
 * @chunks: the chain of page addresses
 * @first:  the field with the first chunk's address
 * @pages:  the field with the number of pages
 * @order:  the field with the order of each block
 */
struct luser_page_list {
	const struct luser_array *chunks;
	const struct luser_field *first;
	const struct luser_field *pages;
	const struct luser_field *order;
};

/**
 * struct luser_struct - a struct in memory, or the properties of an FDT node
 * @size:   bytes; without the part that fills a page
 * @align:  natural alignment, or 1 if packed
 * @label:  the field that tells records apart, or NULL
 * @rules:  at most 64
 * @broken: tests all rules on @size bytes; bit i of the result is set when
 *          rules[i] does not hold
 * @hints:  what is so in every likely struct, at most 64
 * @unlikely: the same for @hints as @broken for @rules; NULL if there are none
 * @zero_tail: of a root: the rest of its page is zero when it was written
 * @empty:  true for a record that holds nothing (free or taken back); NULL if
 *          the struct has no such state
 * @group:  what a record is called, for which this holds: what it leads to
 *          belongs together, and the page tables that it has map memory that
 *          it has; or NULL
 * @page_list: set if the struct describes scattered pages
 */
struct luser_struct {
	const char *name;
	const char *doc;
	uint32_t size;
	uint32_t align;
	const struct luser_field *fields;
	uint16_t nr_fields;
	uint16_t nr_rules;
	const struct luser_rule *rules;
	uint64_t (*broken)(const uint8_t *at, const struct luser_env *env);
	const struct luser_rule *hints;
	uint16_t nr_hints;
	bool zero_tail;
	const char *group;
	uint64_t (*unlikely)(const uint8_t *at, const struct luser_env *env);
	bool (*empty)(const uint8_t *at, uint32_t size);
	const struct luser_field *label;
	const struct luser_page_list *page_list;
};

/**
 * struct luser_expect - a header field's value in one array
 */
struct luser_expect {
	const struct luser_field *field;
	uint64_t value;
};

/**
 * struct luser_unique - what no two records of an array share
 * @name: short, unique in its array
 * @doc:  why, one sentence
 * @by:   the record's fields, NULL-ended, of 64 bits together at most, or one
 *        string
 * @same: records may have the same values in @by if they agree in these
 *        fields, NULL-ended, of 64 bits together at most; NULL: they may not
 * @key, @agreed: what is in @by and in @same of a record, side by side in one
 *        number; NULL if there are none, or it is a string
 */
struct luser_unique {
	const char *name;
	const char *doc;
	const struct luser_field *const *by;
	const struct luser_field *const *same;
	uint64_t (*key)(const uint8_t *at);
	uint64_t (*agreed)(const uint8_t *at);
};

/* Such rules of one array: more are not allowed in a schema. */
#define LUSER_MAX_UNIQUE 4

/**
 * struct luser_array - records in pages
 * @record:    what it is made of
 * @header:    what starts each page; of size 0 if nothing does
 * @next:      header field with the next page's address; NULL for a table of
 *             contiguous pages
 * @pages:     header field with the number of contiguous pages; NULL for a
 *             chain, or a table of @table_pages
 * @count:     header field with the records used; NULL: up to a zero record,
 *             or as many as @by_total says
 * @stride:    header field with the record's size; NULL: record->size
 * @total:     path of the owner's field with the number of records in all
 *             pages, NULL-ended, or NULL
 * @min_count: records that each page must have
 * @max_pages: pages in a chain or table; more is an error
 * @table_pages: contiguous pages that there always are, or 0
 * @by_total:  @total is the number of records in use
 * @freed:     said to a person: why a running kernel may have given back the
 *             pages of its incoming handover; NULL if it has not
 * @full:      all pages but the last are full
 * @expect:    header fields with a value that this array prescribes
 * @same:      header fields that are equal in all pages, and in the root's
 * @checksum:  header field with a CRC32C over the page with itself as zero
 * @sealed:    header field with the flag that says that @checksum holds
 * @sealed_mask: that flag
 * @unique:    what no two records share
 * @counted:   path of the record's field with the address of another record,
 *             NULL-ended, or NULL: that one says in @users of its array how
 *             many records here have its address. The root leads to both
 * @users:     path of the field that says so, NULL-ended, or NULL
 * @referenced: other records refer to this array's
 * @tag:       path of the record's field that tells which arm a referring
 *             record has, NULL-ended, or NULL
 */
struct luser_array {
	const char *name;
	const char *doc;
	const struct luser_struct *record;
	const struct luser_struct *header;
	const struct luser_field *next;
	const struct luser_field *pages;
	const struct luser_field *count;
	const struct luser_field *stride;
	const struct luser_field *const *total;
	uint32_t min_count;
	uint32_t max_pages;
	uint32_t table_pages;
	bool by_total;
	const char *freed;
	bool full;
	uint16_t nr_expect;
	uint16_t nr_same;
	uint16_t nr_unique;
	const struct luser_expect *expect;
	const struct luser_field *const *same;
	const struct luser_field *checksum;
	const struct luser_field *sealed;
	uint64_t sealed_mask;
	const struct luser_unique *unique;
	const struct luser_field *const *counted;
	const struct luser_field *const *users;
	bool referenced;
	const struct luser_field *const *tag;
};

/* The registry of what a handover may start with. */
#define LUSER_ROOT_REGISTRY "root"

/**
 * struct luser_fdt_child - which subnodes a node has
 * @name: the subnode's name, or NULL for any
 */
struct luser_fdt_child {
	const char *name;
	const struct luser_fdt_node *node;
};

/**
 * struct luser_fdt_node - a node of a device tree
 * @properties: its properties, laid out as a struct one after the other
 */
struct luser_fdt_node {
	const char *name;
	const struct luser_struct *properties;
	const struct luser_fdt_child *children;
	uint16_t nr_children;
};

enum luser_carrier {
	LUSER_CARRIER_MEMORY,
	LUSER_CARRIER_FDT,
	LUSER_CARRIER_HANDLE, /* the value that is an address elsewhere is the root */
};

/**
 * struct luser_release - a release of Linux
 */
struct luser_release {
	uint16_t major;
	uint16_t minor;
};

enum luser_set_kind {
	LUSER_SET_NUMBER,
	LUSER_SET_INDEX,     /* the record's number in its array */
	LUSER_SET_PAGE_SIZE,
};

/**
 * struct luser_setting - what a field is set to
 * @field: its path, as in struct luser_pair; NULL ends a list of settings
 * @value: the number, for LUSER_SET_NUMBER
 * @kind:  what to set
 */
struct luser_setting {
	const char *field;
	uint64_t value;
	enum luser_set_kind kind;
};

/**
 * struct luser_pair - a field, and the same in another ABI
 *
 * Both are paths with dots, through nested structs and the arms of unions and
 * sections; the last name may be a flag's.
 */
struct luser_pair {
	const char *here;
	const char *there;
};

/**
 * struct luser_mapping - an array, and the same in another ABI
 * @here, @there: names of the arrays
 * @pairs:     the record's fields
 * @set_here, @set_there: what has no counterpart and is set, or NULL
 * @free_here, @free_there: what makes a slot free, or NULL: zeros do
 * @lost_here, @lost_there: paths of the fields that are lost on the way to the
 *             other ABI, ended by NULL; or NULL
 */
struct luser_mapping {
	const char *here;
	const char *there;
	const struct luser_pair *pairs;
	uint16_t nr_pairs;
	const struct luser_setting *set_here;
	const struct luser_setting *set_there;
	const struct luser_setting *free_here;
	const struct luser_setting *free_there;
	const char *const *lost_here;
	const char *const *lost_there;
};

/**
 * struct luser_conversion - how an ABI's state is said in another one
 * @to:  that ABI's id
 * @doc: what a person should know of it
 * @root_here, @root_there: what is set in the roots, or NULL
 * @mappings: the arrays; those that records refer to come first
 */
struct luser_conversion {
	const char *to;
	const char *doc;
	const struct luser_setting *root_here;
	const struct luser_setting *root_there;
	const struct luser_mapping *mappings;
	uint16_t nr_mappings;
};

/**
 * struct luser_abi - one version of one ABI
 * @id:       name and version, as the schema file is called
 * @registry: the family it is looked up in, and
 * @key:      its name there; NULL if it is only used by others
 * @identity: the root's field that says which version this is, or NULL
 * @identity_string: what it says, or NULL if it is a number
 * @identity_number: that number
 * @rank:     among those of one registry and key: 0 is preferred where nothing
 *            else tells; mainline before others, the newest first
 * @extends:  the ABI that this one appends to, or NULL
 * @feature:  for an extension, the root's field with the bits
 * @feature_mask: and the bit that says that it was used
 * @freed:    said to a person: why it is stale in a running kernel's incoming
 *            handover; NULL if it is not
 * @kernels:  the kernels that have it, for a person: "7.2 and later", or ""
 * @first:    the first release of Linux that writes it; {0, 0}: none does
 * @last:     the last one; {0, 0}: the newest that is known writes it too
 * @module:   the kernel module that its handler may be in, or NULL
 * @refused:  said to a person: what a kernel that has this version does where
 *            it finds another one; or NULL
 * @misread:  said to a person: what it does where the version is its own and
 *            the layout is not; or NULL
 * @root_array: set where the root struct is the one record of a page with a
 *            header
 * @conversions: ABIs that say the same; they hold in both directions
 * @arrays:   the arrays of the ABI
 */
struct luser_abi {
	const char *id;
	const char *name;
	const char *version;
	const char *summary;
	const char *origin;
	const char *kernels;
	enum luser_carrier carrier;
	const char *registry;
	const char *key;
	const struct luser_field *identity;
	const char *identity_string;
	uint64_t identity_number;
	uint16_t rank;
	const struct luser_abi *extends;
	const struct luser_field *feature;
	uint64_t feature_mask;
	const char *freed;
	struct luser_release first;
	struct luser_release last;
	const char *module;
	const char *refused;
	const char *misread;
	const struct luser_conversion *conversions;
	uint16_t nr_conversions;
	const struct luser_struct *root;
	const struct luser_array *root_array;
	const struct luser_fdt_node *root_node;
	const struct luser_array *const *arrays;
	uint16_t nr_arrays;
	const struct luser_struct *const *structs;
	uint16_t nr_structs;
};

/**
 * luser_abis() - every ABI that the library knows
 * @count: how many
 *
 * Return: the ABIs, sorted by id.
 */
const struct luser_abi *const *luser_abis(size_t *count);

/**
 * luser_abi_next() - ABIs known under one key of one registry
 * @registry: for example "luo-file"
 * @key:      for example "memfd-v2"; NULL is any
 * @after:    an earlier result, or NULL for the first
 *
 * Return: the next ABI, or NULL.
 */
const struct luser_abi *luser_abi_next(const char *registry, const char *key,
				       const struct luser_abi *after);

/**
 * luser_field_get() - the value of an integer field
 * @field: any field of at most eight bytes
 * @at:    bytes of the struct that it is in
 * @i:     element, 0 if it is no array
 *
 * Return: the bits of @field, from little-endian memory, on any host.
 */
uint64_t luser_field_get(const struct luser_field *field, const uint8_t *at,
			 uint32_t i);

/**
 * luser_field_phys() - the address that a field holds
 * @field: a LUSER_PHYS field
 * @at:    bytes of the struct that it is in
 * @env:   gives the page size, for page frame numbers
 *
 * Return: the physical address; a page frame number that does not fit 64
 * bits as an address gives LUSER_NO_PHYS.
 */
uint64_t luser_field_phys(const struct luser_field *field, const uint8_t *at,
			  const struct luser_env *env);

/**
 * luser_choose() - what a union or section of a record holds
 * @choice: the field's choice
 * @tag:    the tag's value
 *
 * Return: the arm, or NULL if the tag is unknown.
 */
const struct luser_arm *luser_choose(const struct luser_choice *choice,
				     uint64_t tag);

/**
 * luser_page_table_format() - what the page tables of a record are made of
 * @table: how the record says it
 * @at:    its bytes
 *
 * Return: the format, NULL if it is not known or not described.
 */
const struct luser_page_format *
luser_page_table_format(const struct luser_page_table *table,
			const uint8_t *at);

/**
 * luser_linear() - a number that depends on the page size
 */
static inline uint32_t luser_linear(struct luser_linear n, uint32_t page_shift)
{
	return (uint32_t)(n.constant + n.shifts * (int32_t)page_shift);
}

#ifdef __cplusplus
}
#endif

#endif /* LUSER_ABI_H */
