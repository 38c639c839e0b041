// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * Reads lines `ABI STRUCT PAGE_SHIFT CAPACITY RECORD_SIZE ROOT BYTES`, the last
 * two in hex or `-`, and prints for each the names of the rules that do not
 * hold, and `empty` if the record is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <luser/abi.h>

static uint32_t unhex(const char *text, uint8_t *bytes)
{
	uint32_t n = 0;
	unsigned int byte;

	for (; sscanf(text, "%2x", &byte) == 1; text += 2)
		bytes[n++] = (uint8_t)byte;
	return n;
}

static const struct luser_struct *find(const char *id, const char *name)
{
	size_t count;
	const struct luser_abi *const *abis = luser_abis(&count);

	for (size_t i = 0; i < count; i++)
		for (uint16_t k = 0; k < abis[i]->nr_structs; k++)
			if (!strcmp(abis[i]->id, id) &&
			    !strcmp(abis[i]->structs[k]->name, name))
				return abis[i]->structs[k];
	fprintf(stderr, "no %s in %s\n", name, id);
	exit(2);
}

static void tell(const struct luser_struct *type, const uint8_t *at,
		 const struct luser_env *env)
{
	uint64_t broken = type->broken(at, env);

	for (uint16_t i = 0; i < type->nr_rules; i++)
		if (broken >> i & 1)
			printf("%s ", type->rules[i].name);
	if (type->empty && type->empty(at, type->size))
		printf("empty ");
	printf("\n");
}

int main(void)
{
	char id[64], name[64], root[1024], bytes[1024];
	uint8_t top[512], at[512];
	struct luser_env env = { 0 };
	const struct luser_struct *type;

	while (scanf("%63s %63s %u %u %u %1023s %1023s", id, name,
		     &env.page_shift, &env.capacity, &env.record_size, root,
		     bytes) == 7) {
		type = find(id, name);
		env.page_size = UINT64_C(1) << env.page_shift;
		env.root_size = unhex(root, top);
		env.root = env.root_size ? top : NULL;
		if (unhex(bytes, at) != type->size) {
			fprintf(stderr, "%s has %u bytes\n", name, type->size);
			return 2;
		}
		tell(type, at, &env);
	}
	return 0;
}
