# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""The same in scalable mode, where a device's entry is in a PASID table."""

from cases.iommu_damage import PAGES, each, every, records
from cases.iommu_deny import claims, others
from cases.iommu_keep import keep, three
from rig.lab import Lab
from rig.machine import Machine
from rig.suite import case

SCALABLE = Machine(scalable=True)


@case("iommu-keep-scalable", "luo-dump")
def keep_scalable(lab: Lab) -> None:
    """iommu-keep in scalable mode"""
    keep(lab, SCALABLE)


@case("iommu-three-scalable", "luo-dump")
def three_scalable(lab: Lab) -> None:
    """iommu-three in scalable mode"""
    three(lab, SCALABLE)


@case("iommu-others-scalable")
def others_scalable(lab: Lab) -> None:
    """iommu-others in scalable mode"""
    others(lab, SCALABLE)


@case("iommu-claims-scalable")
def claims_scalable(lab: Lab) -> None:
    """iommu-claims in scalable mode"""
    claims(lab, SCALABLE)


@case("iommu-damage-scalable", "luo-dump")
def damage_scalable(lab: Lab) -> None:
    """the root page and the page of devices, damaged in scalable mode"""
    for damage in PAGES:
        if damage.field == "magic" and damage.array in (
                "iommu_root_ser", "iommu_device_ser"):
            every(lab, SCALABLE, damage, True)


@case("iommu-damage-records-scalable", "luo-dump", extra=True)
def records_scalable(lab: Lab) -> None:
    """iommu-damage-records in scalable mode"""
    records(lab, True)


@case("iommu-damage-each-scalable", "luo-dump", extra=True)
def each_scalable(lab: Lab) -> None:
    """iommu-damage-each in scalable mode"""
    each(lab, True)
