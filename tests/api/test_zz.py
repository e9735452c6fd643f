import pathlib
from tests.api import test_schemathesis as t
from tests.api.test_schemathesis import asked
def test_x(asked):
    with open("/tmp/exp/found.txt","w") as f:
        for x in t.failures(asked, 100, 300):
            f.write(x[:1500]+"\n=====\n"); f.flush()
        f.write(str(asked.answers))
