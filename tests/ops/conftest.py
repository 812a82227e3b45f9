"""What the tests of logging share: the helpers beside this file can be imported."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
