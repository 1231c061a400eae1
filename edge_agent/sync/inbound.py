"""What the hub sends, handed to who deals with it."""

import asyncio
import sqlite3

import structlog

from edge_agent.box import Box
from edge_agent.renewal import Renewal
from edge_agent.sync.commands import CommandRunner
from edge_agent.sync.publisher import Publisher
from protocol.messages import Ack, Command, DesiredState, InvalidMessage, RenewedCertificate, decode
from protocol.topics import Stream

log = structlog.get_logger()


class HubMessages:
    """Routes what the hub sends; a message that cannot be understood is logged and left."""

    def __init__(
        self,
        box: Box,
        publisher: Publisher,
        commands: CommandRunner,
        renewal: Renewal,
        group: asyncio.TaskGroup,
    ) -> None:
        self._renewal = renewal
        self._box = box
        self._publisher = publisher
        self._commands = commands
        self._group = group

    def receive(self, stream: Stream, payload: bytes) -> None:
        try:
            match stream:
                case Stream.ACK:
                    self._group.create_task(self._publisher.acknowledged(decode(payload, Ack)))
                case Stream.DESIRED:
                    self._box.desired.receive(decode(payload, DesiredState))
                case Stream.CMD:
                    self._commands.receive(decode(payload, Command))
                case Stream.CERTIFICATE:
                    self._renewal.receive(decode(payload, RenewedCertificate))
                case _:
                    log.warning("unexpected_stream", stream=stream)
        except InvalidMessage as error:
            log.error("hub_message_refused", stream=stream, error=str(error))
        except sqlite3.Error as error:  # the hub says it again: the state is retained, events are unconfirmed
            log.error("hub_message_not_stored", stream=stream, error=str(error))
