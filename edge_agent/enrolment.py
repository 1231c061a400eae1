"""Enrolment: a one-time token becomes this box's certificate.

The private key is made on the box and never leaves it; the hub signs a request
(PKCS #10, RFC 2986) whose subject it decides itself.

    EnrolmentFailed    the hub refused or could not be reached; the text says what to do
"""

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from edge_agent.config import DataFolder, Identity, NotEnrolled

TIMEOUT_S = 20.0


class EnrolmentFailed(Exception):
    """Enrolment did not work; nothing was changed on the box."""


class _Answer(msgspec.Struct):
    city: str
    node: str
    certificate_pem: str
    ca_pem: str
    broker_host: str
    broker_port: int


def enrol(hub_url: str, token: str, folder: DataFolder) -> Identity:
    """Ask the hub for an identity and keep it in the folder. Raises EnrolmentFailed, DataFolderUnusable.

    The folder first: the hub's token works once. A box that has a name says it, and the hub gives
    it no other: what waits in its outbox was seen by the box of that name.
    """
    folder.prepare()
    try:
        present = str(folder.load_identity().address)
    except NotEnrolled:
        present = ""
    key = ec.generate_private_key(ec.SECP256R1())
    answer = _ask_hub(hub_url, token, _signing_request(key), present)
    identity = Identity(
        city=answer.city,
        node=answer.node,
        broker_host=answer.broker_host,
        broker_port=answer.broker_port,
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.save_identity(identity, key_pem, answer.certificate_pem, answer.ca_pem)
    return identity


def _signing_request(key: ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "new box")])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _ask_hub(hub_url: str, token: str, csr_pem: str, present: str) -> _Answer:
    url = f"{hub_url.rstrip('/')}/api/v1/enrolment"
    try:
        response = httpx.post(
            url, json={"token": token, "csr_pem": csr_pem, "present": present}, timeout=TIMEOUT_S
        )
    except (httpx.UnsupportedProtocol, httpx.InvalidURL):
        raise EnrolmentFailed(
            f"«{hub_url}» não é o endereço de uma central: informe-o com https://, como https://central.exemplo.br"
        ) from None
    except httpx.HTTPError as error:
        raise EnrolmentFailed(f"A central não respondeu em {hub_url}: {_reason(error)}.") from None
    if response.status_code != httpx.codes.CREATED:
        raise EnrolmentFailed(f"A central recusou ({response.status_code}): {_detail(response)}")
    try:
        return msgspec.json.decode(response.content, type=_Answer)
    except msgspec.DecodeError as error:
        raise EnrolmentFailed(f"{hub_url} não responde como uma central: {error}") from None


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "passou do tempo"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "esta caixa não reconhece o certificado dela"
    if isinstance(error, httpx.ConnectError):
        return "não há conexão; confira o endereço, a porta e a rede"
    return f"a conexão falhou ({type(error).__name__})"


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
