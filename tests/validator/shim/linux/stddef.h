/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#include_next <linux/stddef.h>
#include <kernel.h>
