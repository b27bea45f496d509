#!/usr/bin/env python3
"""A second verifier of a coalition ledger's archives, receipts and refusals.

It shares no line with the Go program and needs nothing but Python 3.9. It
follows docs/VERIFY.md, and is meant to be read beside it.

    python3 docs/verify.py archive FILE GENESIS-HASH
    python3 docs/verify.py vectors DIRECTORY

It checks form, signatures, keys, members, decisions of a quorum, voidings,
order, times, the tree, anchors, checkpoints and cosignatures. It does not judge what
statements say (designations, freezes, links, …): those rules are the last
section of VERIFY.md, and `ledger verify` runs them. Exit codes: 0 good, 1 bad,
2 wrong usage or unreadable.
"""

import base64
import datetime
import functools
import hashlib
import json
import re
import sys

# -- Signatures ---------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SMALL = {0, 1, P - 1,  # y of the points whose order divides 8
         0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826,
         0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7}


def ed_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def ed_times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = ed_add(q, p)
        p, n = ed_add(p, p), n >> 1
    return q


def ed_point(data):
    """The point that 32 bytes encode, or None."""
    n = int.from_bytes(data, "little")
    sign, y = n >> 255, n & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


ED_BASE = ed_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@functools.lru_cache(4096)
def ed25519(public, message, sig):
    a = ed_point(public) if len(public) == 32 and len(sig) == 64 else None
    s = int.from_bytes(sig[32:], "little")
    if a is None or a[1] in SMALL or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + public + message).digest(), "little") % L
    minus = (P - a[0], a[1], 1, P - a[3])
    x, y, z, _ = ed_add(ed_times(s, ED_BASE), ed_times(k, minus))
    inv = pow(z, -1, P)
    x, y = x * inv % P, y * inv % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == sig[:32]


CURVES = {  # size in bytes, p, n, b, base point, hash
    "P-256": (32, 2**256 - 2**224 + 2**192 + 2**96 - 1,
              0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551,
              0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
              (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
               0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5), hashlib.sha256),
    "P-384": (48, 2**384 - 2**128 - 2**96 + 2**32 - 1,
              0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973,
              0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
              (0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
               0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f), hashlib.sha384),
}


def ec_add(p, q, mod):
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % mod == 0:
            return None
        m = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, mod)
    else:
        m = (q[1] - p[1]) * pow(q[0] - p[0], -1, mod)
    x = (m * m - p[0] - q[0]) % mod
    return x, (m * (p[0] - x) - p[1]) % mod


def ec_times(n, p, mod):
    q = None
    while n:
        if n & 1:
            q = ec_add(q, p, mod)
        p, n = ec_add(p, p, mod), n >> 1
    return q


@functools.lru_cache(4096)
def ecdsa(curve, x, y, message, sig):
    size, p, n, b, base, digest = CURVES[curve]
    x, y = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    r, s = int.from_bytes(sig[:size], "big"), int.from_bytes(sig[size:], "big")
    on_curve = x < p and y < p and (y * y - x**3 + 3 * x - b) % p == 0
    if len(sig) != 2 * size or not on_curve or not 0 < r < n or not 0 < s < n:
        return False
    e = int.from_bytes(digest(message).digest(), "big")
    w = pow(s, -1, n)
    point = ec_add(ec_times(e * w % n, base, p), ec_times(r * w % n, (x, y), p), p)
    return point is not None and point[0] % n == r


ALGORITHM = {("OKP", "Ed25519"): "Ed25519", ("EC", "P-256"): "ES256", ("EC", "P-384"): "ES384"}


def algorithm(jwk):
    return ALGORITHM.get((jwk.get("kty"), jwk.get("crv")), "")


def coordinates(jwk):
    """The decoded coordinates of a public JWK, or None."""
    size = {"Ed25519": 32, "ES256": 32, "ES384": 48}.get(algorithm(jwk))
    x, y = unbase64url(jwk.get("x", "")), unbase64url(jwk.get("y", ""))
    if size is None or x is None or y is None or len(x) != size or len(y) != (0 if jwk["kty"] == "OKP" else size):
        return None
    return x, y


def signed_by(jwk, message, sig):
    xy = coordinates(jwk)
    if xy is None or sig is None:
        return False
    if jwk["kty"] == "OKP":
        return ed25519(xy[0], message, sig)
    return ecdsa(jwk["crv"], xy[0], xy[1], message, sig)


def thumbprint(jwk):
    y = ',"y":"%s"' % jwk["y"] if jwk["kty"] == "EC" else ""
    text = '{"crv":"%s","kty":"%s","x":"%s"%s}' % (jwk["crv"], jwk["kty"], jwk["x"], y)
    return base64url(hashlib.sha256(text.encode()).digest())


# -- Encodings ----------------------------------------------------------------

def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unbase64url(text):
    """The bytes of canonical base64url without padding, or None."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text) or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if base64url(data) == text else None


def unbase64(text):
    """The bytes of canonical standard base64, or None."""
    if not re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) or len(text) % 4:
        return None
    try:
        data = base64.b64decode(text)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def number(text, most=2**56):
    """A decimal without sign or leading zero, or None."""
    return int(text) if re.fullmatch(r"0|[1-9][0-9]{0,18}", text) and int(text) <= most else None


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Bad(Exception):
    """A rule that something breaks."""

    def __init__(self, rule, line=None, index=None):
        super().__init__(rule)
        self.rule, self.line, self.index = rule, line, index

    def __str__(self):
        return "line %s, index %s: %s" % (self.line, self.index, self.rule)


# -- Envelopes ----------------------------------------------------------------

NAMES = ["alg", "kid", "typ", "cty", "iss", "eid", "iat", "exp", "led", "anc"]
REAL = """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA
GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ
VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW""".split()


def country(code):
    return code in REAL or re.fullmatch(r"AA|ZZ|X[A-Z]|Q[M-Z]", code) is not None


def agency(name):
    return re.fullmatch(r"[A-Z]{2}/[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", name) is not None and country(name[:2])


def member(name):
    return name.split("/")[0]


def is_root(name):
    return name.endswith("/root")


class Envelope:
    """A parsed envelope; section 1 of VERIFY.md. Parsing verifies no signature."""

    def __init__(self, raw):
        if raw.startswith(b"."):
            raise Bad("envelope.encoding")
        if not 0 < len(raw) <= 65471:
            raise Bad("envelope.size")
        if not re.fullmatch(rb"[A-Za-z0-9_.-]+", raw) or raw.endswith(b"\n"):
            raise Bad("envelope.alphabet")
        parts = raw.decode().split(".")
        if len(parts) != 3:
            raise Bad("envelope.parts")
        data = [unbase64url(part) for part in parts]
        if None in data:
            raise Bad("envelope.base64")
        header, self.payload, self.signature = data
        if not 0 < len(self.payload) <= 40960:
            raise Bad("envelope.payload_size")
        self.header = read_header(header)
        if len(self.signature) != (96 if self.header["alg"] == "ES384" else 64):
            raise Bad("envelope.signature_length")
        self.signed, self.hash = raw[:raw.rindex(b".")], sha256(raw)

    def verify(self, jwk):
        if algorithm(jwk) != self.header["alg"]:
            raise Bad("envelope.alg_mismatch")
        if not signed_by(jwk, self.signed, self.signature):
            raise Bad("envelope.signature")


def read_header(text):
    """The members of a protected header, numbers as int."""
    if len(text) > 2048:
        raise Bad("envelope.header_size")
    try:
        text = text.decode()
    except UnicodeDecodeError:
        raise Bad("envelope.header_utf8") from None
    found = scan_header(text)
    for name in NAMES[:8]:
        if name not in found:
            raise Bad("envelope.header_missing")
    check_header(found)
    return found


def scan_header(text):
    def unexpected(at):
        raise Bad("envelope.header_space" if text[at:at + 1] in (" ", "\t", "\r", "\n") else "envelope.header_json")

    def take(at, char):
        return at + 1 if text[at:at + 1] == char else unexpected(at)

    def quoted(at):
        take(at, '"')
        for end in range(at + 1, len(text)):
            if text[end] == '"':
                return text[at + 1:end], end + 1
            if text[end] == "\\":
                raise Bad("envelope.header_escape")
            if text[end] < " ":
                break
        raise Bad("envelope.header_json")

    found, at = {}, take(0, "{")
    while True:
        name, at = quoted(at)
        if name not in NAMES:
            raise Bad("envelope.header_case" if name.lower() in NAMES else "envelope.header_unknown")
        if name in found:
            raise Bad("envelope.header_duplicate")
        at = take(at, ":")
        first = text[at:at + 1]
        if first == "" or first not in '"-0123456789tfn{[':
            unexpected(at)
        if (name in ("iat", "exp")) == (first == '"'):
            raise Bad("envelope.header_type")
        if first == '"':
            found[name], at = quoted(at)
        else:
            found[name], at = scan_integer(text, at, unexpected)
        if text[at:at + 1] != ",":
            break
        at += 1
    at = take(at, "}")
    if at != len(text):
        unexpected(at)
    return found


def scan_integer(text, at, unexpected):
    digits = re.match(r"[^,}]*", text[at:]).group()
    if digits[0] not in "-0123456789":
        raise Bad("envelope.header_type")
    if not re.fullmatch(r"0|[1-9][0-9]{0,11}", digits) or digits.endswith("\n"):
        space = re.search(r"[ \t\r\n]", digits)
        if space:
            unexpected(at + space.start())
        raise Bad("envelope.header_number")
    return int(digits), at + len(digits)


def check_header(h):
    kid = unbase64url(h["kid"])
    cty = re.fullmatch(r"application/vnd\.coalition-ledger\.([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\.v([1-9][0-9]{0,3})\+json", h["cty"])
    if h["alg"] not in ALGORITHM.values():
        raise Bad("envelope.alg")
    if kid is None or len(kid) != 32:
        raise Bad("envelope.kid")
    if h["typ"] != "coalition-event+jws":
        raise Bad("envelope.typ")
    if cty is None or len(cty.group(1)) > 64:
        raise Bad("envelope.cty")
    h["type"], h["version"] = cty.group(1), int(cty.group(2))
    if not agency(h["iss"]):
        raise Bad("envelope.iss")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", h["eid"]) or not h["eid"].strip("0-"):
        raise Bad("envelope.eid")
    if h["type"] == "coalition.founded":
        if "led" in h:
            raise Bad("envelope.led_in_genesis")
    elif "led" not in h:
        raise Bad("envelope.header_missing")
    elif not re.fullmatch(r"[0-9a-f]{64}", h["led"]) or not h["led"].strip("0"):
        raise Bad("envelope.led")
    if h["exp"] <= h["iat"]:
        raise Bad("envelope.exp")
    if "anc" in h:
        size, _, root = h["anc"].partition(":")
        if not number(size, 2**63 - 1) or not re.fullmatch(r"[0-9a-f]{64}", root):
            raise Bad("envelope.anc")


# -- Payloads: strict JSON, with the text of each object kept -----------------

class Object(dict):
    """A JSON object that remembers its text."""

    raw = b""


def read_payload(data):
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Bad("payload.utf8") from None
    depth = 0
    for char in re.sub(r'"(?:[^"\\]|\\.)*"', "", text, flags=re.S):
        depth += (char in "{[") - (char in "}]")
        if depth > 32:
            raise Bad("payload.too_deep")
    value, at = read_value(text, space(text, 0))
    if space(text, at) != len(text):
        raise Bad("payload.syntax")
    if not isinstance(value, Object):
        raise Bad("payload.type")
    return value


def space(text, at):
    return re.compile(r"[ \t\r\n]*").match(text, at).end()


def read_value(text, at):
    if text[at:at + 1] == "{":
        return read_members(text, at)
    if text[at:at + 1] == "[":
        items, at = [], space(text, at + 1)
        while text[at:at + 1] != "]":
            value, at = read_value(text, at)
            items.append(value)
            at = comma(text, at, "]")
        return items, at + 1
    token = re.compile(r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null').match(text, at)
    if not token:
        raise Bad("payload.syntax")
    return json.loads(token.group()), token.end()


def read_members(text, start):
    found, at = Object(), space(text, start + 1)
    while text[at:at + 1] != "}":
        name, at = read_value(text, at)
        if not isinstance(name, str):
            raise Bad("payload.syntax")
        if name in found:
            raise Bad("payload.duplicate_name")
        at = space(text, at)
        if text[at:at + 1] != ":":
            raise Bad("payload.syntax")
        found[name], at = read_value(text, space(text, at + 1))
        at = comma(text, at, "}")
    found.raw = text[start:at + 1].encode()
    return found, at + 1


def comma(text, at, end):
    """The place of the next item, or of the end."""
    at = space(text, at)
    if text[at:at + 1] == end:
        return at
    after = space(text, at + 1)
    if text[at:at + 1] != "," or text[after:after + 1] in ("", end):
        raise Bad("payload.syntax")
    return after


# -- The tree: RFC 6962 -------------------------------------------------------

def leaf_hash(recorded_at, envelope):
    return sha256(b"\0coalition-ledger/leaf/v1\n", recorded_at.to_bytes(8, "big"), envelope)


def foreign(data, meta):
    """What stands in the place of an envelope for a record that is none."""
    text = "." + base64url(data) + "." + base64url(meta)
    if len(text) > 65471:
        text = "." + base64url(sha256(data)) + "." + base64url(sha256(meta)) + "."
    return text.encode()


def node(left, right):
    return sha256(b"\1", left, right)


class Tree:
    """The hashes of all leaves. Roots are computed as RFC 6962 defines them."""

    def __init__(self):
        self.levels = [[]]

    def add(self, leaf):
        self.levels[0].append(leaf)
        for level, row in enumerate(self.levels):
            if len(row) % 2:
                return
            if level + 1 == len(self.levels):
                self.levels.append([])
            self.levels[level + 1].append(node(row[-2], row[-1]))

    def size(self):
        return len(self.levels[0])

    def root(self, size):
        if size == 0:
            return sha256()
        root, at = None, size
        for row in self.levels:
            if at & 1:
                root = row[at - 1] if root is None else node(row[at - 1], root)
            at >>= 1
        return root


def inclusion_root(index, size, leaf, proof):
    """The root that a proof leads to, or None."""
    if index >= size:
        return None
    at, last, left = index, size - 1, list(proof)
    while last > 0:
        if at == last and at % 2 == 0:
            at, last = at >> 1, last >> 1
            continue
        if not left:
            return None
        leaf = node(left.pop(0), leaf) if at % 2 else node(leaf, left.pop(0))
        at, last = at >> 1, last >> 1
    return leaf if not left else None


def consistent(older, newer, old_root, new_root, proof):
    """RFC 9162, 2.1.4.2."""
    if older > newer:
        return False
    if older == 0 or older == newer:
        return not proof and (old_root == sha256() if older == 0 else True) and (older != newer or old_root == new_root)
    proof = list(proof)
    if older & (older - 1) == 0:
        proof.insert(0, old_root)
    if not proof:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = proof.pop(0)
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(step, old), node(step, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


# -- Signed notes -------------------------------------------------------------

def origin_ok(text):
    return text != "" and "+" not in text and not any(c.isspace() or ord(c) < 32 or 127 <= ord(c) < 160 for c in text)


def log_key(vkey):
    """Name, key hash and public key of a verifier key, or None."""
    name, _, rest = vkey.partition("+")
    mark, _, text = rest.partition("+")
    data = unbase64(text)
    if not origin_ok(name) or data is None or len(data) != 33 or data[0] != 1:
        return None
    if sha256(name.encode(), b"\n", data)[:4].hex() != mark:
        return None
    return name, bytes.fromhex(mark), data[1:]


def open_note(text, origin, vkeys):
    """The lines that the log signed, or None; and how many signatures there are."""
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError:
            return None, 0
    body, blank, sigs = text.rpartition("\n\n")
    if not blank or not sigs.endswith("\n") or len(text.encode()) > 128 << 10:
        return None, 0
    keys, seen, good = [log_key(v) for v in vkeys], set(), False
    for line in sigs[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, data = rest.partition(" ")
        sig = unbase64(data)
        if dash != "—" or sig is None or len(sig) < 5 or not origin_ok(name) or (name, sig[:4]) in seen:
            return None, 0
        seen.add((name, sig[:4]))
        for key in filter(None, keys):
            if key[:2] == (name, sig[:4]):
                if not ed25519(key[2], (body + "\n").encode(), sig[4:]):
                    return None, 0
                good = good or name == origin
    return (body.split("\n") if good else None), len(seen)


def open_checkpoint(text, origin, vkeys):
    """Size and root, or None."""
    lines, _ = open_note(text, origin, vkeys)
    if lines is None or len(lines) != 3 or lines[0] != origin:
        return None
    size, root = number(lines[1]), unbase64(lines[2])
    return (size, root) if size is not None and root is not None and len(root) == 32 else None


def open_receipt(text, origin, vkeys, leaf):
    """Index, size and root, or None."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 2 or lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        return None
    index, proof = number(lines[1][6:]), [unbase64(line) for line in lines[2:]]
    checkpoint = open_checkpoint(note, origin, vkeys)
    if index is None or checkpoint is None or any(h is None or len(h) != 32 for h in proof):
        return None
    size, root = checkpoint
    return (index, size, root) if inclusion_root(index, size, leaf, proof) == root else None


def open_digests(text, origin, vkeys):
    """Size, root and views (name, version, digest), or None."""
    lines, _ = open_note(text, origin, vkeys)
    if lines is None or len(lines) < 4 or lines[:2] != ["coalition-ledger/view-digests/v1", origin]:
        return None
    size, _, root = lines[2].partition(" ")
    size, root = number(size), unbase64(root)
    views = [re.fullmatch(r"([a-z0-9._-]{1,128}) ([1-9][0-9]{0,3}) ([0-9a-f]{64})", line) for line in lines[3:]]
    if not size or root is None or len(root) != 32 or None in views:
        return None
    views = [(v.group(1), int(v.group(2)), v.group(3)) for v in views]
    names = [v[0] for v in views]
    return (size, root, views) if names == sorted(set(names)) else None


COSIGNED = b"\x04"


def open_cosignatures(text, witnesses):
    """The time of each witness's cosignature, by name; None if one is false."""
    body, blank, sigs = text.rpartition("\n\n")
    times = {}
    for line in sigs[:-1].split("\n"):
        name, _, data = line[2:].partition(" ")
        sig = unbase64(data)
        for vkey in witnesses:
            who, _, rest = vkey.partition("+")
            mark, _, key = rest.partition("+")
            key = unbase64(key)
            if key[:1] != COSIGNED or sha256(who.encode(), b"\n", key)[:4].hex() != mark:
                return None
            if sig is None or who != name or sig[:4].hex() != mark:
                continue
            at = int.from_bytes(sig[4:12], "big")
            signed = "cosignature/v1\ntime %d\n%s\n" % (at, body)
            if len(sig) != 76 or at >= 1 << 63 or not ed25519(key[1:], signed.encode(), sig[12:]):
                return None
            times[name] = max(at, times.get(name, 0))
    return times


class Policy:
    """Who must cosign: C2SP tlog-policy, as section 3 of VERIFY.md narrows it."""

    def __init__(self, text):
        self.witnesses, self.parts, self.quorum = [], {}, None  # parts: name to (how many, of whom)
        keys, members = set(), set()
        for line in text.split("\n"):
            kind, *rest = re.split("[ \t]+", line.strip(" \t"))
            if re.search("[\0-\x08\x0a-\x1f\x7f]", line) or len(text.encode()) > 32 << 10:
                raise ValueError(line)
            if kind == "" or kind[0] == "#":
                continue
            if kind == "log" and len(rest) in (1, 2) and log_key(rest[0]):
                key = log_key(rest[0])[2]
            elif kind == "witness" and len(rest) in (2, 3) and witness_key(rest[1]):
                key = COSIGNED + witness_key(rest[1])[2]
                self.define(rest[0], (1, [rest[0]]))
                self.witnesses.append((rest[0], rest[1]))
            elif kind == "group" and len(rest) >= 3:
                need = {"all": len(rest) - 2, "any": 1}.get(rest[1], number(rest[1]))
                if not need or need > len(rest) - 2 or any(m not in self.parts or m in members for m in rest[2:]) or len(set(rest[2:])) < len(rest[2:]):
                    raise ValueError(line)
                members.update(rest[2:])
                self.define(rest[0], (need, rest[2:]))
                continue
            elif kind == "quorum" and len(rest) == 1 and self.quorum is None and (rest[0] == "none" or rest[0] in self.parts):
                self.quorum = rest[0]
                continue
            else:
                raise ValueError(line)
            address = rest[2:] if kind == "witness" else rest[1:]
            if key in keys or address and not re.fullmatch("https?://[^/?#@]+(/[^?#]*)?", address[0]):
                raise ValueError(line)
            keys.add(key)
        if self.quorum is None:
            raise ValueError("no quorum")

    def define(self, name, part):
        if name in self.parts or name == "none":
            raise ValueError(name)
        self.parts[name] = part

    def satisfied(self, who, name=None):
        """Whether the witnesses, by their names in the policy, are enough."""
        name = name or self.quorum
        if name == "none":
            return True
        need, of = self.parts[name]
        if of == [name]:
            return name in who
        return sum(self.satisfied(who, m) for m in of) >= need

    def counted(self, name=None):
        """The witnesses that stand in the quorum, at any depth."""
        name = name or self.quorum
        if name == "none":
            return set()
        _, of = self.parts[name]
        return {name} if of == [name] else set().union(*(self.counted(m) for m in of))


def witness_key(vkey):
    """Name, key hash and public key of a witness's verifier key, or None."""
    name, _, rest = vkey.partition("+")
    mark, _, text = rest.partition("+")
    key = unbase64(text)
    if not origin_ok(name) or key is None or len(key) != 33 or key[:1] != COSIGNED:
        return None
    point = ed_point(key[1:])
    if sha256(name.encode(), b"\n", key)[:4].hex() != mark or point is None or point[1] in SMALL:
        return None
    return name, bytes.fromhex(mark), key[1:]


def open_cosigned(text, origin, vkeys, policy):
    """Size, root, who cosigned by the policy's names and its order, and the
    median of the times of those in the quorum (None without any); None if it is
    false, or not as the policy asks. Its signatures are the log's and then the
    witnesses', in the policy's order, and no others."""
    found, text = open_checkpoint(text, origin, vkeys), text.decode()
    times = open_cosignatures(text, [vkey for _, vkey in policy.witnesses])
    if found is None or times is None:
        return None
    have = [line.split(" ")[1:] for line in text.rpartition("\n\n")[2][:-1].split("\n")]
    marks, who, when = [have[0]], [], []
    for name, vkey in policy.witnesses:
        key = witness_key(vkey)
        mine = [line for line in have if line[0] == key[0] and unbase64(line[1])[:4] == key[1]]
        if mine:
            marks, who = marks + mine[:1], who + [name]
            when += [times[key[0]]] if name in policy.counted() else []
    if have[0][0] != origin or have != marks or not policy.satisfied(who):
        return None
    return found + (who, sorted(when)[(len(when) - 1) // 2] if when else None)


def open_refusal(text, origin, vkeys):
    """Envelope hash, size, root and rule, or None."""
    lines, _ = open_note(text, origin, vkeys)
    if lines is None or len(lines) != 5 or lines[:2] != ["coalition-ledger/refusal/v1", origin]:
        return None
    size, _, root = lines[3].partition(" ")
    size, root = number(size), unbase64(root)
    if size is None or root is None or len(root) != 32 or not re.fullmatch(r"[0-9a-f]{64}", lines[2]) or not re.fullmatch(r"[a-z0-9._-]{1,128}", lines[4]):
        return None
    return bytes.fromhex(lines[2]), size, root, lines[4]


# -- The state that decides who may sign --------------------------------------

def quorum(votes):
    return (2 * votes + 2) // 3


def last_day(date):
    """The last day that a date of year, month or day precision can mean."""
    return (date + "-12-31")[:10] if len(date) == 4 else date + "-31" if len(date) == 7 else date


def day(micros):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=micros)).strftime("%Y-%m-%d")


class State:
    """Members, agencies, keys, proposals; sections 4 and 5 of VERIFY.md."""

    def __init__(self):
        self.next = self.recorded = 0
        self.genesis, self.origin, self.log_key, self.open = b"", "", "", False
        self.log_key_before = self.policy = ""
        self.members, self.agencies, self.keys, self.successors = {}, {}, {}, {}
        self.ids, self.leaves, self.proposals, self.drafts = {}, {}, {}, {}
        self.pending, self.voided = [], []

    def skip(self, index, leaf):
        self.pending.append((index, leaf))
        self.next = index + 1

    def votes(self):
        return sum(m["votes"] for m in self.members.values() if not m["withdrew"])

    def seat(self, founding, index):
        code, key = founding["code"], founding["root"]
        self.members[code] = {"votes": founding["votes"], "root": thumbprint(key), "accepted": False, "suspended": False, "withdrew": False}
        self.agencies[code + "/root"] = 0
        self.add_key(code + "/root", key, index)

    def add_key(self, who, jwk, index):
        self.keys[thumbprint(jwk)] = {"agency": who, "alg": algorithm(jwk), "jwk": jwk, "registered_at": index, "revoked_at": 0}

    def change_log_key(self, key):
        self.log_key_before, self.log_key = self.log_key, key

    def revoke(self, kid, index):
        if kid in self.keys and not self.keys[kid]["revoked_at"]:
            self.keys[kid]["revoked_at"] = index

    def signer(self, envelope, payload, index):
        """The key that must have signed, None when no such key is known."""
        if index:
            return self.keys.get(envelope.header["kid"], {}).get("jwk")
        for m in payload.get("members", []):
            if m["code"] + "/root" == envelope.header["iss"] and thumbprint(m["root"]) == envelope.header["kid"]:
                return m["root"]
        raise Bad("genesis.signer")

    def admit(self, e, payload, index, recorded):
        """Raise Bad unless the event may stand here; in the order of VERIFY.md."""
        h = e.header
        if self.pending and h["type"] != "journal.voided":
            raise Bad("journal.not_voided")
        if recorded < self.recorded:
            raise Bad("recorded_at.backwards")
        if recorded // 1000000 >= h["exp"]:
            raise Bad("envelope.expired")
        if index == 0 or h["type"] == "coalition.founded":
            if index:
                raise Bad("genesis.not_first")
            if h["type"] != "coalition.founded":
                raise Bad("genesis.missing")
            return
        if h["led"] != self.genesis.hex():
            raise Bad("envelope.other_ledger")
        if (h["iss"], h["eid"]) in self.ids:
            raise Bad("event.duplicate_id")
        self.admit_signer(h)
        rule = RULES.get(h["type"])
        if rule:
            rule(self, e, payload, recorded)

    def admit_signer(self, h):
        k, m = self.keys.get(h["kid"]), self.members.get(member(h["iss"]))
        for wrong, rule in (
            (k is None, "key.unknown"),
            (k and k["agency"] != h["iss"], "key.foreign_issuer"),
            (k and k["alg"] != h["alg"], "key.algorithm"),
            (k and k["revoked_at"], "key.revoked"),
            (self.agencies.get(h["iss"]), "agency.suspended"),
            (h["iss"] in self.successors, "agency.succeeded"),
            (m is None, "member.unknown"),
            (m and m["withdrew"], "member.withdrew"),
            (m and m["suspended"], "member.suspended"),
        ):
            if wrong:
                raise Bad(rule)
        if h["type"] != "member.accepted":
            if not self.open:
                raise Bad("coalition.not_open")
            if not m["accepted"]:
                raise Bad("member.not_accepted")

    def apply(self, e, payload, index, recorded, leaf):
        h = e.header
        self.ids[h["iss"], h["eid"]] = index
        self.leaves[index] = leaf
        self.next, self.recorded = index + 1, recorded
        effect = EFFECTS.get(h["type"])
        if effect:
            effect(self, e, payload, index, leaf)
        if h["type"] in DECISIONS:
            self.drafts[draft_hash(h["type"], h["version"], e.payload)] = None


def draft_hash(kind, version, payload):
    return sha256(("%s\n%d\n" % (kind, version)).encode(), payload)


def need_root(s, e, p, at):
    if not is_root(e.header["iss"]):
        raise Bad("root.required")


def own_agency(s, e, name):
    if not agency(name):
        raise Bad("agency.invalid")
    if member(name) != member(e.header["iss"]):
        raise Bad("agency.foreign")


def check_accepted(s, e, p, at):
    need_root(s, e, p, at)
    if s.members[member(e.header["iss"])]["accepted"]:
        raise Bad("member.accepted_before")


def check_agency(s, e, p, at):
    need_root(s, e, p, at)
    own_agency(s, e, p["agency"])
    if p["agency"] in s.agencies:
        raise Bad("agency.duplicate")


def check_suspension(s, e, p, at):
    own_agency(s, e, p["agency"])
    if p["agency"] not in s.agencies:
        raise Bad("agency.unknown")
    if is_root(p["agency"]):
        raise Bad("agency.root")


def check_reinstatement(s, e, p, at):
    need_root(s, e, p, at)
    check_suspension(s, e, p, at) if not is_root(p["agency"]) else None
    if not s.agencies.get(p["agency"]):
        raise Bad("agency.not_suspended")


def check_succession(s, e, p, at):
    need_root(s, e, p, at)
    for name in (p["agency"], p["successor"]):
        own_agency(s, e, name)
        if name not in s.agencies:
            raise Bad("agency.unknown")
    for wrong, rule in (
        (not p["reason"], "value.missing"),
        (is_root(p["agency"]), "succession.root"),
        (s.successors.get(p["agency"]) == p["successor"], "succession.recorded_before"),
        (p["successor"] in s.successors, "succession.of_predecessor"),
        (p["successor"] == p["agency"], "succession.self"),
    ):
        if wrong:
            raise Bad(rule)


def check_new_key(s, who, jwk, proof):
    xy = coordinates(jwk)
    if xy is None or (jwk["kty"] == "OKP" and (ed_point(xy[0]) is None or ed_point(xy[0])[1] in SMALL)):
        raise Bad("key.invalid")
    if thumbprint(jwk) in s.keys:
        raise Bad("key.duplicate")
    text = "coalition-ledger/key-possession/v1\n%s\n%s\n%s\n" % (s.genesis.hex(), who, thumbprint(jwk))
    if not signed_by(jwk, text.encode(), unbase64url(proof)):
        raise Bad("key.possession")


def check_registered(s, e, p, at):
    need_root(s, e, p, at)
    own_agency(s, e, p["agency"])
    if p["agency"] not in s.agencies:
        raise Bad("agency.unknown")
    if is_root(p["agency"]):
        raise Bad("key.root")
    check_new_key(s, p["agency"], p["key"], p["proof"])


def check_rotated(s, e, p, at):
    check_new_key(s, e.header["iss"], p["key"], p["proof"])


def check_revoked(s, e, p, at):
    k, iss = s.keys.get(p["key_id"]), e.header["iss"]
    if k is None:
        raise Bad("key.unknown")
    if k["revoked_at"]:
        raise Bad("key.revoked")
    if p["key_id"] == s.members[member(iss)]["root"]:
        raise Bad("key.root")
    if p["key_id"] != e.header["kid"] and (not is_root(iss) or member(k["agency"]) != member(iss)):
        raise Bad("key.foreign")


def check_endorsed(s, e, p, at):
    need_root(s, e, p, at)
    ref, who = p["proposal"], member(e.header["iss"])
    if ref["index"] not in s.leaves:
        raise Bad("target.unknown")
    if s.leaves[ref["index"]].hex() != ref["leaf"]:
        raise Bad("target.mismatch")
    proposal = s.proposals.get(bytes.fromhex(ref["leaf"]))
    if proposal is None:
        raise Bad("proposal.unknown")
    if last_day(proposal["expires_on"]) < day(at):
        raise Bad("proposal.expired")
    if who in proposal["endorsers"]:
        raise Bad("proposal.endorsed_before")
    if who in proposal["concerned"]:
        raise Bad("proposal.concerned")
    if not s.members[who]["votes"]:
        raise Bad("proposal.no_vote")


def check_decision(s, e, p, at):
    h = draft_hash(e.header["type"], e.header["version"], e.payload)
    if h not in s.drafts:
        raise Bad("decision.not_proposed")
    if s.drafts[h] is None:
        raise Bad("decision.enacted_before")
    proposal = s.proposals[s.drafts[h]]
    if last_day(proposal["expires_on"]) < day(at):
        raise Bad("proposal.expired")
    have = 0
    for code in proposal["endorsers"] - proposal["concerned"]:
        m = s.members.get(code)
        have += m["votes"] if m and not m["withdrew"] and not m["suspended"] else 0
    if have < max(1, quorum(s.votes())):
        raise Bad("decision.no_quorum")


def void_leaves(pending):
    if len(pending) > 256:
        text = "%d-%d %s" % (pending[0][0], pending[-1][0], sha256(*[leaf for _, leaf in pending]).hex())
        return [text]
    return ["%d %s" % (index, leaf.hex()) for index, leaf in pending]


def check_voided(s, e, p, at):
    if not s.pending:
        raise Bad("journal.nothing_to_void")
    named = ["%d%s %s" % (v["index"], "-%d" % v["through"] if v.get("through") else "", v["leaf_hash"]) for v in p["leaves"]]
    if named != void_leaves(s.pending):
        raise Bad("journal.void_leaves")
    lines = ["coalition-ledger/void/v1", s.genesis.hex(), *named, sha256(p["reason"].encode()).hex(), ""]
    have, seen = 0, set()
    for a in p["approvals"]:
        m = s.members.get(a["member"])
        if not m or not m["accepted"] or m["withdrew"] or m["suspended"] or not m["votes"]:
            raise Bad("journal.void_member")
        if a["member"] in seen:
            raise Bad("journal.void_twice")
        if not signed_by(s.keys[m["root"]]["jwk"], "\n".join(lines).encode(), unbase64url(a["signature"])):
            raise Bad("journal.void_signature")
        seen.add(a["member"])
        have += m["votes"]
    if have < max(1, quorum(s.votes())):
        raise Bad("decision.no_quorum")


DECISIONS = ["member.admitted", "member.suspended", "member.reinstated", "member.root_replaced", "regime.adopted",
             "custodian.appointed", "benchmark.adopted", "rules.adopted", "witness_policy.adopted", "log_key.adopted"]
RULES = {"member.accepted": check_accepted, "member.withdrew": need_root, "agency.registered": check_agency,
         "agency.suspended": check_suspension, "agency.reinstated": check_reinstatement, "key.registered": check_registered,
         "agency.succeeded": check_succession, "key.rotated": check_rotated, "key.revoked": check_revoked, "proposal.endorsed": check_endorsed,
         "journal.voided": check_voided, **{kind: check_decision for kind in DECISIONS}}


def do_founded(s, e, p, index, leaf):
    s.genesis, s.origin, s.log_key, s.policy = e.hash, p["origin"], p["log_key"], p.get("witness_policy", "")
    for m in p["members"]:
        s.seat(m, index)


def do_accepted(s, e, p, index, leaf):
    s.members[member(e.header["iss"])]["accepted"] = True
    have = sum(m["votes"] for m in s.members.values() if m["accepted"] and not m["withdrew"])
    s.open = s.open or have >= quorum(s.votes())


def do_rotated(s, e, p, index, leaf):
    iss = e.header["iss"]
    s.revoke(e.header["kid"], index)
    s.add_key(iss, p["key"], index)
    if is_root(iss):
        s.members[member(iss)]["root"] = thumbprint(p["key"])


def do_proposed(s, e, p, index, leaf):
    concerned, iss = set(), e.header["iss"]
    for d in p["drafts"]:
        s.drafts[draft_hash(d["type"], d["version"], d["payload"].raw)] = leaf
        about = d["payload"].get("member") if d["type"].startswith("member.") else None
        if about:
            concerned.add(about["code"] if isinstance(about, dict) else about)
    endorsers = {member(iss)} if is_root(iss) and s.members[member(iss)]["votes"] and member(iss) not in concerned else set()
    s.proposals[leaf] = {"expires_on": p["expires_on"], "concerned": concerned, "endorsers": endorsers}


def do_endorsed(s, e, p, index, leaf):
    s.proposals[bytes.fromhex(p["proposal"]["leaf"])]["endorsers"].add(member(e.header["iss"]))


def do_admitted(s, e, p, index, leaf):
    for kid, k in s.keys.items():
        if member(k["agency"]) == p["member"]["code"]:
            s.revoke(kid, index)
    s.seat(p["member"], index)


def do_replaced(s, e, p, index, leaf):
    m = s.members[p["member"]]
    s.revoke(m["root"], index)
    s.add_key(p["member"] + "/root", p["root"], index)
    m["root"] = thumbprint(p["root"])


def do_voided(s, e, p, index, leaf):
    s.voided += [(i, index) for i, _ in s.pending]
    s.pending = []


EFFECTS = {
    "coalition.founded": do_founded, "member.accepted": do_accepted, "key.rotated": do_rotated, "proposal.made": do_proposed,
    "proposal.endorsed": do_endorsed, "member.admitted": do_admitted, "member.root_replaced": do_replaced, "journal.voided": do_voided,
    "member.withdrew": lambda s, e, p, i, l: s.members[member(e.header["iss"])].update(withdrew=True),
    "member.suspended": lambda s, e, p, i, l: s.members[p["member"]].update(suspended=True),
    "member.reinstated": lambda s, e, p, i, l: s.members[p["member"]].update(suspended=False),
    "agency.registered": lambda s, e, p, i, l: s.agencies.update({p["agency"]: 0}),
    "agency.suspended": lambda s, e, p, i, l: s.agencies.update({p["agency"]: i}),
    "agency.reinstated": lambda s, e, p, i, l: s.agencies.update({p["agency"]: 0}),
    "agency.succeeded": lambda s, e, p, i, l: s.successors.update({p["agency"]: p["successor"]}),
    "key.registered": lambda s, e, p, i, l: s.add_key(p["agency"], p["key"], i),
    "key.revoked": lambda s, e, p, i, l: s.revoke(p["key_id"], i),
    "witness_policy.adopted": lambda s, e, p, i, l: setattr(s, "policy", p["policy"]),
    "log_key.adopted": lambda s, e, p, i, l: s.change_log_key(p["log_key"]),
}


# -- Archives -----------------------------------------------------------------

TOLERANCE = 60 * 1000000  # microseconds by which recorded and witnesses' times may differ


class Archive:
    """Reads an archive from genesis on; section 6 of VERIFY.md."""

    def __init__(self, genesis):
        self.cosigned, self.effective = 0, (0, 0, [])  # size, median time, witnesses
        self.since, self.trail = None, []  # when witnesses saw the ledger last; leaves since
        self.genesis, self.state, self.tree = genesis, State(), Tree()
        self.log_keys, self.refused, self.anchors, self.checkpoints = [], {}, [], 0
        self.steps = []  # rule that each leaf breaks, "" for none
        self.after_leaf = lambda: None

    def read(self, data):
        """Raise Bad at the first fault."""
        if not data.startswith(b"coalition-ledger archive v1\n"):
            raise Bad("archive.header", 1, 0)
        whole = data.endswith(b"\n")
        lines = data.split(b"\n")[:-1] if whole else data.split(b"\n")
        at, fresh, seen, cosigned, line_of = 1, 0, 0, 0, {}
        while at < len(lines):
            last = at == len(lines) - 1 and not whole
            if last:
                raise Bad("archive.truncated", at + 1, self.state.next)
            if lines[at] == b"checkpoint":
                if not fresh:
                    raise Bad("archive.checkpoint", at + 1, self.state.next)
                at = self.checkpoint(lines, at, whole)
                fresh = 0
                continue
            if lines[at] == b"digests":
                if seen == self.tree.size():
                    raise Bad("archive.digests", at + 1, self.state.next)
                seen, at = self.tree.size(), self.digests(lines, at, whole)
                continue
            if lines[at] == b"cosigned":
                if cosigned == self.tree.size():
                    raise Bad("archive.cosigned", at + 1, self.state.next)
                cosigned, at = self.tree.size(), self.cosigned_checkpoint(lines, at, whole)
                continue
            self.leaf(lines[at], at + 1, line_of)
            at, fresh = at + 1, fresh + 1
        if fresh or not self.tree.size():
            raise Bad("archive.unsigned", len(lines), self.state.next)

    def leaf(self, line, at, line_of):
        parts = line.decode("latin-1").split(" ", 2)
        index, recorded = (number(p, 2**63 - 1) for p in parts[:2]) if len(parts) == 3 else (None, None)
        if index is None or recorded is None:
            raise Bad("archive.line", at, self.state.next)
        if index != self.state.next:
            raise Bad("archive.index", at, self.state.next)
        raw = parts[2].encode("latin-1")
        leaf = leaf_hash(recorded, raw)
        self.tree.add(leaf)
        line_of[index] = at
        self.steps.append("")
        try:
            self.event(raw, index, recorded, leaf)
        except Bad as bad:
            if index == 0 or bad.rule == "archive.anchor":
                raise Bad(bad.rule, at, index) from None
            self.steps[-1] = bad.rule
            self.refused[index] = Bad(bad.rule, at, index)
            self.state.skip(index, leaf)
        if index not in self.refused:
            if self.since is not None and recorded < self.since * 1000000 - TOLERANCE:
                raise Bad("archive.time", at, index)
            self.trail.append((recorded, at, index))
        self.after_leaf()

    def event(self, raw, index, recorded, leaf):
        e = Envelope(raw)
        payload = read_payload(e.payload)
        if index == 0 and e.hash != self.genesis:
            raise Bad("archive.genesis")
        key = self.state.signer(e, payload, index)
        if key is not None:
            e.verify(key)
        self.state.admit(e, payload, index, recorded)
        self.state.apply(e, payload, index, recorded, leaf)
        if "anc" in e.header:
            size, _, root = e.header["anc"].partition(":")
            if int(size) > index or self.tree.root(int(size)).hex() != root:
                raise Bad("archive.anchor")

    def note(self, lines, at, whole):
        """The signed text behind a line, and where it ends."""
        end, blanks = at + 1, 0
        while end < len(lines) and blanks < 2:
            if end == len(lines) - 1 and not whole:
                break
            blanks += lines[end] == b""
            end += 1
        if blanks < 2:
            raise Bad("archive.truncated", len(lines), self.state.next)
        if self.state.pending:
            raise self.refused[self.state.pending[0][0]]
        self.log_keys = [k for k in (self.state.log_key, self.state.log_key_before) if k]
        return b"\n".join(lines[at + 1:end - 1]) + b"\n", end

    def checkpoint(self, lines, at, whole):
        text, end = self.note(lines, at, whole)
        found = open_checkpoint(text, self.state.origin, self.log_keys)
        if found is None or open_note(text, self.state.origin, self.log_keys)[1] != 1:
            raise Bad("archive.signed", at + 1, self.state.next)
        if found[0] != self.tree.size():
            raise Bad("archive.checkpoint", at + 1, self.state.next)
        if found[1] != self.tree.root(self.tree.size()):
            raise Bad("archive.root", at + 1, self.state.next)
        self.checkpoints += 1
        return end

    def cosigned_checkpoint(self, lines, at, whole):
        text, end = self.note(lines, at, whole)
        try:
            found = open_cosigned(text, self.state.origin, self.log_keys, Policy(self.state.policy))
        except (ValueError, UnicodeDecodeError):  # there is no policy, or no text
            found = None
        if found is None or found[:2] != (self.tree.size(), self.tree.root(self.tree.size())):
            raise Bad("archive.cosigned", at + 1, self.state.next)
        self.cosigned, self.effective = self.cosigned + 1, (found[0], found[3] or 0, found[2])
        if found[3] is None:
            return end
        for recorded, line, index in self.trail:
            if recorded > (found[3] + 1) * 1000000 + TOLERANCE:
                raise Bad("archive.time", line, index)
        self.since, self.trail = found[3], []
        return end

    def digests(self, lines, at, whole):
        """The views themselves are not folded here: what they hold is not judged."""
        text, end = self.note(lines, at, whole)
        found = open_digests(text, self.state.origin, self.log_keys)
        if found is None or open_note(text, self.state.origin, self.log_keys)[1] != 1:
            raise Bad("archive.digests", at + 1, self.state.next)
        if found[:2] != (self.tree.size(), self.tree.root(self.tree.size())):
            raise Bad("archive.digests", at + 1, self.state.next)
        return end


# -- Vectors ------------------------------------------------------------------

class Vectors:
    """Compares the answers here with what the vectors say."""

    def __init__(self, directory):
        self.directory, self.count, self.wrong = directory, 0, 0

    def load(self, name):
        with open("%s/%s" % (self.directory, name), encoding="utf-8") as f:
            return json.load(f)

    def same(self, name, got, want):
        self.count += 1
        if got != want:
            self.wrong += 1
            print("%s: got %r, the vector says %r" % (name, got, want))

    def run(self):
        for part in (self.envelopes, self.leaves, self.proofs, self.notes, self.archive, self.bad_archives):
            before = self.count
            part()
            print("%-14s %5d compared" % (part.__name__, self.count - before))
        print("all vectors agree" if not self.wrong else "%d of %d differ" % (self.wrong, self.count))
        return 1 if self.wrong else 0

    def envelopes(self):
        for v in self.load("envelopes.json"):
            rule, raw = "", v["envelope"].encode()
            try:
                Envelope(raw).verify(v["key"])
            except Bad as bad:
                rule = bad.rule
            self.same("envelope %r" % v["name"], (rule, sha256(raw).hex()), (v["rule"], v["sha256"]))

    def leaves(self):
        for v in self.load("leaves.json"):
            raw = v["envelope"].encode()
            if v.get("data"):
                raw = foreign(unbase64url(v["data"]), unbase64url(v.get("meta", "")))
                self.same("record %r" % v["name"], raw.decode(), v["envelope"])
            entry = bytes.fromhex(v["entry_hex"])
            self.same("leaf %r" % v["name"], leaf_hash(v["recorded_at"], raw).hex(), v["leaf_hash"])
            self.same("entry %r" % v["name"], sha256(b"\0", entry).hex(), v["leaf_hash"])

    def proofs(self):
        vectors, tree = self.load("proofs.json"), Tree()
        for i, root in enumerate(vectors["roots"]):
            self.same("root of %d" % i, tree.root(i).hex(), root)
            if i < len(vectors["leaves"]):
                tree.add(bytes.fromhex(vectors["leaves"][i]))
        for v in vectors["inclusion"]:
            proof = [bytes.fromhex(h) for h in v["proof"]]
            ok = inclusion_root(v["index"], v["size"], bytes.fromhex(v["leaf"]), proof) == bytes.fromhex(v.get("root", ""))
            self.same("inclusion of %d in %d" % (v["index"], v["size"]), ok, v["ok"])
        for v in vectors["consistency"]:
            proof = [bytes.fromhex(h) for h in v["proof"] or []]
            ok = consistent(v["older"], v["newer"], bytes.fromhex(v["old_root"]), bytes.fromhex(v["new_root"]), proof)
            self.same("%d before %d" % (v["older"], v["newer"]), ok, v["ok"])

    def notes(self):
        for name in ("checkpoints", "receipts", "refusals", "digests", "cosignatures"):
            vectors = self.load(name + ".json")
            origin, keys = vectors["origin"], [vectors["key"]]
            for v in vectors["cases"]:
                got = self.note(name, v, origin, keys)
                want = None
                if name == "cosignatures":
                    self.same("cosignatures %r" % v["name"], open_cosignatures(v["text"], vectors["witnesses"]), v.get("times"))
                    continue
                if v["ok"]:
                    root = bytes.fromhex(v.get("root", ""))
                    want = {"checkpoints": (v.get("size", 0), root), "receipts": (v.get("index", 0), v.get("size", 0), root),
                            "digests": (v.get("size", 0), root, [tuple(x) for x in v.get("views") or []]),
                            "refusals": (bytes.fromhex(v.get("sha256", "")), v.get("size", 0), root, v.get("rule"))}[name]
                self.same("%s %r" % (name, v["name"]), got, want)

    def note(self, name, v, origin, keys):
        if name in ("checkpoints", "cosignatures"):
            return open_checkpoint(v["text"], origin, keys)
        if name == "digests":
            return open_digests(v["text"], origin, keys)
        if name == "refusals":
            return open_refusal(v["text"], origin, keys)
        return open_receipt(v["text"], origin, keys, leaf_hash(v.get("recorded_at", 0), v.get("envelope", "").encode()))

    def archive(self):
        vectors = self.load("archive.json")
        with open(self.directory + "/archive.txt", "rb") as f:
            data = f.read()
        states = iter(vectors["states"])
        a = Archive(bytes.fromhex(vectors["genesis"]))
        a.after_leaf = lambda: self.state(a, next(states))
        a.read(data)
        self.same("leaves", a.tree.size(), len(vectors["states"]))
        e = vectors["effective"]
        self.same("cosigned", (a.cosigned, a.effective), (vectors["cosigned"], (e["size"], e["at"], e["witnesses"])))

    def state(self, a, v):
        s, name = a.state, "state at %d" % v["size"]
        self.same(name, (s.next, a.tree.root(v["size"]).hex(), a.steps[-1]), (v["size"], v["root"], v.get("refused", "")))
        self.same(name, (s.open, s.log_key, [i for i, _ in s.pending]), (v["open"], v["log_key"], v.get("pending", [])))
        self.same(name + ": witness policy", s.policy, v.get("witness_policy", ""))
        self.same(name + ": members", s.members, v["members"])
        self.same(name + ": agencies", s.agencies, v["agencies"])
        keys = {kid: {name: k[name] for name in k if name != "jwk"} for kid, k in s.keys.items()}
        self.same(name + ": keys", keys, v["keys"])

    def bad_archives(self):
        vectors = self.load("archive.json")
        with open(self.directory + "/archive.txt", encoding="utf-8") as f:
            lines = f.read()[:-1].split("\n")
        for v in vectors["bad"]:
            edited = [v["lines"].get(str(i + 1), line) for i, line in enumerate(lines)]
            text = "".join(line + "\n" for line in edited if line is not None)
            got = None
            try:
                Archive(bytes.fromhex(vectors["genesis"])).read(text.encode())
            except Bad as bad:
                got = bad.rule, bad.line, bad.index
            self.same("archive: %s" % v["name"], got, (v["rule"], v["line"], v["index"]))


def main(args):
    if len(args) == 2 and args[0] == "vectors":
        return Vectors(args[1]).run()
    if len(args) != 3 or args[0] != "archive" or not re.fullmatch(r"[0-9a-f]{64}", args[2]):
        print(__doc__, file=sys.stderr)
        return 2
    with open(args[1], "rb") as f:
        data = f.read()
    a = Archive(bytes.fromhex(args[2]))
    try:
        a.read(data)
    except Bad as bad:
        print("%s: %s" % (args[1], bad))
        return 1
    print("%d leaves, %d checkpoints, root %s; %d records voided" % (a.tree.size(), a.checkpoints, a.tree.root(a.tree.size()).hex(), len(a.state.voided)))
    if a.cosigned:
        size, at, who = a.effective
        print("%d of them are effective, cosigned by %s, median time %d" % (size, ", ".join(who), at))
    print("what statements say was not judged here: run ledger verify for that")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as err:
        print(err, file=sys.stderr)
        sys.exit(2)
