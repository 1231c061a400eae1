"""What a technician at the hub may have done on the box: a fixed set, nothing that runs what he types."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict

import msgspec

from edge_agent import control, logs
from edge_agent.box import Box
from edge_agent.cameras.tester import CameraRefused
from edge_agent.diagnosis.examination import examine
from edge_agent.diagnosis.finding import Finding
from protocol import messages
from protocol.messages import (
    CollectLogs,
    ProbeCamera,
    Reply,
    RestartAgent,
    RunDoctor,
    StreamFacts,
    TechnicianAction,
)


class Technician:
    """`restart` is called once the reply is on its way."""

    def __init__(self, box: Box, restart: Callable[[], None]) -> None:
        self._box = box
        self._restart = restart

    async def carry_out(self, command: str, requester: str, action: TechnicianAction) -> Reply:
        """What was done goes into the box's audit trail under the name of who ordered it."""
        self._box.audit(f"{requester} (central)", str(action.__struct_config__.tag))
        match action:
            case RunDoctor():
                return Reply(command, ok=True, findings=await asyncio.to_thread(self._examine))
            case CollectLogs():
                return Reply(command, ok=True, log=list(logs.recent))
            case ProbeCamera():
                return await self._test(command, action.camera)
            case RestartAgent():
                asyncio.get_running_loop().call_later(RESTART_AFTER_S, self._restart)
                return Reply(command, ok=True)

    def _examine(self) -> list[messages.Finding]:
        found = examine(self._box.folder.root, control.status_of(self._box))
        return [_told(finding) for finding in found[:MAX_FINDINGS]]

    async def _test(self, command: str, camera_id: str) -> Reply:
        camera = self._box.desired.camera(camera_id)
        if camera is None:
            return Reply(command, ok=False, error="A caixa não tem esta câmera.")
        try:
            seen = await self._box.tester.test(camera.rtsp_url)
        except CameraRefused as error:
            return Reply(command, ok=False, error=str(error))
        facts = {name: value for name, value in asdict(seen).items() if name != "snapshot_jpeg"}
        return Reply(command, ok=True, stream=msgspec.convert(facts, StreamFacts))


#: The reply leaves first.
RESTART_AFTER_S = 1.0

#: As many as the protocol carries.
MAX_FINDINGS = 1100


def _told(finding: Finding) -> messages.Finding:
    return messages.Finding(finding.subject[:500], finding.ok, finding.text[:2000], finding.fix[:2000])
