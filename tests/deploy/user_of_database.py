"""A program that uses a data folder, perhaps as another user: tells the URL, then waits for a line, or its end."""

import os
import sys
from pathlib import Path

from deploy.database import DatabaseProblem, embedded

folder, *user = sys.argv[1:]
if user:  # only now: that user need not reach the environment that the tests run in
    os.setgroups([])
    os.setuid(int(user[0]))
try:
    with embedded(Path(folder), durable=False) as url:
        print(url, flush=True)
        sys.stdin.readline()
except DatabaseProblem as problem:
    print(problem.code, problem.sentence, flush=True)
