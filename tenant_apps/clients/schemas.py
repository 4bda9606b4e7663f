from ninja import Field, Schema


class CodeRequest(Schema):
    email: str = Field(max_length=254)


class CodeSent(Schema):
    """``expires_in``: seconds until the code ends."""

    expires_in: int


class CodeAnswer(Schema):
    email: str = Field(max_length=254)
    code: str = Field(pattern=r"^\d{6}$")


class Proof(Schema):
    """``proof`` goes into a booking's ``client``; ``expires_in``: seconds until it ends."""

    proof: str
    expires_in: int
