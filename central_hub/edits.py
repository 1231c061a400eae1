"""Two people who edit one thing do not overwrite each other (If-Match, RFC 9110, section 13.1.1).

What may be edited is shown with its `etag`. A change that comes with it in If-Match is made only if the
thing is still what its editor saw; the row is locked between the look and the change, so that of two
changes of one state one is refused. A change that names no etag is made: who sets one field need
not read the others first.
"""

import json
from typing import Any

from django.db import models
from django.utils.crypto import salted_hmac
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.kernel import ChangedMeanwhile

#: The etags of If-Match, of which one must be the present one; empty: any will do.
Expected = frozenset[str]
ANY: Expected = frozenset()

#: Columns that nobody edits for another: they change when the person logs in, or chooses a password.
_VOLATILE = frozenset({"last_login", "password"})

#: Hexadecimal digits: 64 bits, nobody gains by finding two states with one etag.
_LENGTH = 16


def etag(row: models.Model) -> str:
    """What this row's state is called.

    Keyed: rows hold passwords of cameras and hashes of people's, which nobody may guess by it.
    """
    columns = (field for field in row._meta.concrete_fields if field.attname not in _VOLATILE)
    state = {field.attname: field.value_from_object(row) for field in columns}
    text = json.dumps(state, sort_keys=True, default=str)  # the database does not keep the order of JSON
    return salted_hmac("gtv.etag", text, algorithm="sha256").hexdigest()[:_LENGTH]


def expected(request: Request) -> Expected:
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return ANY
    # A weak etag never matches here; its W/ stays, and is nobody's.
    return frozenset(one.strip().strip('"') for one in given.split(","))


def check(row: models.Model, wanted: Expected) -> None:
    """Raises ChangedMeanwhile."""
    if wanted and etag(row) not in wanted:
        raise ChangedMeanwhile("Isto foi alterado enquanto você editava. Abra de novo, confira e repita.")


def lock(row: models.Model, wanted: Expected) -> None:
    """Make the row what it is now, and lock it to the end of the transaction. Raises ChangedMeanwhile."""
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update())
    check(row, wanted)


class EtagField(serializers.CharField):
    """The etag of what is shown; `source` leads to its row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"source": "*", "read_only": True, "help_text": "Of this state, for If-Match", **options}
        )

    def to_representation(self, value: models.Model) -> str:  # type: ignore[override]  # by the source
        return etag(value)


class Editable(APIView):
    """A view of one thing that is edited: its answers have the etag in their head too."""

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        shown = getattr(answer, "data", None)
        if isinstance(shown, dict) and "etag" in shown:
            answer["ETag"] = f'"{shown["etag"]}"'
        return answer
