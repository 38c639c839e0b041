/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
#ifndef LUO_BUILD_HELP_H
#define LUO_BUILD_HELP_H

void help_print(void);
void version_print(void);

#endif /* LUO_BUILD_HELP_H */
