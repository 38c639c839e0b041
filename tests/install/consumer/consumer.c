// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/* A program of somebody else: it knows luser from its installed files alone. */
#include <stdio.h>

#include <luser/abi.h>
#include <luser/error.h>
#include <luser/fdt.h>
#include <luser/format.h>
#include <luser/mem.h>
#include <luser/source.h>
#include <luser/walk.h>

int main(void)
{
	size_t count;
	const struct luser_abi *const *abis = luser_abis(&count);

	for (size_t i = 0; i < count; i++)
		printf("%s\n", abis[i]->id);
	return 0;
}
