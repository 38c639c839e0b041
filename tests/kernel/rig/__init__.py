# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""What the kernel tests stand on: fetch, build, boot, watch, compare."""
