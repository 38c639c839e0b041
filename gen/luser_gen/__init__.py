# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""Schemas of kernel handover ABIs, and the code that is made from them."""
