"""A real mail server on loopback, which keeps what it is sent."""

import datetime
import ipaddress
import socket
import ssl
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Post:
    """What arrived, as the server saw it."""

    def __init__(self, refuse=()):
        self.mails, self.hellos, self.refuse = [], [], set(refuse)
        self.was_tls = []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.hellos.append(hostname)
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.was_tls.append(session.ssl is not None)
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 kept"

    @property
    def parsed(self):
        return [message_from_bytes(content, policy=policy.default) for _, content in self.mails]


class MailServer:
    """The server; a context that ends with it."""

    def __init__(self, post=None, **options):
        self.post = post or Post()
        self.port = free_port()
        self._controller = Controller(self.post, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()


def free_port():
    """The server wants to know its port beforehand."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def certificate(folder, name="localhost"):
    """A certificate for loopback, its key, and the context of a server that has them."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


class OnlySam:
    """Lets in one user with one password."""

    def __call__(self, server, session, envelope, mechanism, data):
        right = (data.login, data.password) == (b"heard", b"open sesame")
        return AuthResult(success=right, handled=False)
