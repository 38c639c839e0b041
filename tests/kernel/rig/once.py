# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
"""A property made once, when first asked for; its failure is kept as well."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class once(Generic[T]):
    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.key = "_once_" + make.__name__

    def __get__(self, owner: Any, _kind: type | None = None) -> T:
        made = owner.__dict__
        if self.key not in made:
            try:
                made[self.key] = (self.make(owner), None)
            except Exception as error:      # each test that needs it fails
                made[self.key] = (None, error)
        value, failure = made[self.key]
        if failure:
            raise failure
        result: T = value
        return result
