"""Plate cameras that push to the box as devices do: in order, each read again until it is answered.

Every read has a plate that no other has, and a picture that no other has, so that it can be
counted in the hub. Two habits of the field are in it: old firmwares give their events no id, and
some devices wait so short for the answer that they push again what is being stored.
"""

import hashlib
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import httpx
from PIL import Image, ImageDraw

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">
  <ipAddress>192.0.2.1</ipAddress><macAddress>02:00:00:00:00:01</macAddress><channelID>1</channelID>
  <dateTime>{when}</dateTime><eventType>ANPR</eventType><eventState>active</eventState>
  <ANPR><licensePlate>{plate}</licensePlate><confidenceLevel>97</confidenceLevel><line>1</line>
  <direction>forward</direction></ANPR>{event}
</EventNotificationAlert>"""

#: Between two attempts, as devices have it (seconds).
RETRY_S = (0.3, 1.5)
ANSWER_WITHIN_S = 10.0
#: This share of attempts gives up after a moment, with the push on its way or its answer.
IMPATIENT, IMPATIENT_S = 0.03, 0.02
#: This share of the reads has a picture that is none: the box refuses them, and must not keep them.
BROKEN = 0.02
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Shot:
    """A read as the camera has it; `picture` is a JPEG unless it is broken."""

    plate: str
    xml: bytes
    picture: bytes
    broken: bool

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.picture).hexdigest()


@dataclass
class Ledger:
    """What became of one camera's reads: plate to the picture's digest."""

    accepted: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    #: Refused though nothing was wrong with them, with the box's answer.
    wronged: dict[str, str] = field(default_factory=dict)
    attempts: int = 0


class PlateCamera:
    """One camera; `run` pushes until `last_call`, and then until its last read is answered."""

    def __init__(self, url: str, camera_id: str, secret: str, number: int, seed: int) -> None:
        self.camera_id = camera_id
        self.ledger = Ledger()
        self._url = url
        self._auth = (camera_id, secret)
        self._letter = _LETTERS[number]
        self._has_event_ids = number % 2 == 0
        self._chance = random.Random(f"{seed}-{number}")

    def run(self, every_s: float, last_call: threading.Event, gave_up: threading.Event) -> None:
        """A read every `every_s`; those that an outage held up follow at once."""
        due_mono, count = time.monotonic(), 0
        with httpx.Client(auth=self._auth, timeout=ANSWER_WITHIN_S, trust_env=False) as client:
            while not last_call.wait(max(0.0, due_mono - time.monotonic())):
                self._deliver(client, self._shot(count), gave_up)
                count += 1
                due_mono += every_s * self._chance.uniform(0.5, 1.5)

    def _deliver(self, client: httpx.Client, shot: Shot, gave_up: threading.Event) -> None:
        while (answer := self._attempt(client, shot)) is None or answer.is_server_error:
            if gave_up.wait(self._chance.uniform(*RETRY_S)):
                return
        if answer.is_success:
            self.ledger.accepted[shot.plate] = shot.sha256
        elif shot.broken:
            self.ledger.refused[shot.plate] = shot.sha256
        else:
            self.ledger.wronged[shot.plate] = f"{answer.status_code} {answer.text[:200]}"

    def _attempt(self, client: httpx.Client, shot: Shot) -> httpx.Response | None:
        """The box's answer; None when there is none in time."""
        self.ledger.attempts += 1
        parts = [
            ("anpr.xml", ("anpr.xml", shot.xml, "application/xml")),
            ("detectionPicture.jpg", ("detectionPicture.jpg", shot.picture, "image/jpeg")),
        ]
        patience_s = IMPATIENT_S if self._chance.random() < IMPATIENT else ANSWER_WITHIN_S
        try:
            return client.post(self._url, files=parts, timeout=patience_s)
        except httpx.TransportError:
            return None

    def _shot(self, count: int) -> Shot:
        first, third = _LETTERS[count // 240_000], _LETTERS[count // 10_000 % 24]
        plate = f"{first}{self._letter}{third}{count % 10_000:04}"
        event_id = uuid.UUID(int=self._chance.getrandbits(128))
        xml = _XML.format(
            when=datetime.now(UTC).isoformat(timespec="milliseconds"),
            plate=plate,
            event=f"<UUID>{event_id}</UUID>" if self._has_event_ids else "",
        )
        picture = self._picture(plate)
        broken = self._chance.random() < BROKEN
        return Shot(plate, xml.encode(), picture[: len(picture) // 2] if broken else picture, broken)

    def _picture(self, plate: str) -> bytes:
        image = Image.effect_noise((160, 90), 40)  # as hard to compress as a street
        ImageDraw.Draw(image).text((40, 40), plate, fill="white")
        encoded = BytesIO()
        image.save(encoded, "JPEG")
        return encoded.getvalue()
