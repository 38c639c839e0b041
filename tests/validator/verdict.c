// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
#include "verdict.h"

static bool array_differs(const struct checked *c, const struct told *told,
			  int array, char *why, size_t len)
{
	const struct kho_sealed_array *view = checked_array(c, array);
	uint32_t slots = view->nr_slots;

	if (slots < told->arrays[array].slots)
		slots = told->arrays[array].slots;
	for (uint32_t i = 0; i < slots; i++) {
		bool sound = told_sound(told, array, i);

		if (sound == (kho_sealed_record(view, i) != NULL))
			continue;
		snprintf(why, len,
			 "%s[%u] is %s by the kernel's check, which said %s",
			 subject_array(array)->name, i,
			 sound ? "not sound" : "sound",
			 c->nr ? c->faults[0].rule : "nothing");
		return true;
	}
	return false;
}

bool verdict_differs(const struct checked *c, const struct told *told,
		     char *why, size_t len)
{
	for (int k = 0; k < STATE_ARRAYS; k++)
		if (!subject_is_root(k) &&
		    array_differs(c, told, k, why, len))
			return true;
	return false;
}
