"""Problems of the surroundings, each one Norwegian sentence for the person who starts the program."""

PORT_IN_USE = "port-in-use"


class SettingsProblem(Exception):
    """A setting that cannot be used; the sentence never repeats its value."""


class DatabaseProblem(Exception):
    """A database that cannot be used: a stable code for programs, a sentence without secrets for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class InputProblem(DatabaseProblem):
    """The input of a command cannot be used; its base class means a failure instead."""
