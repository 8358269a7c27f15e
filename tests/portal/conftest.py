"""What these tests share with those of the real clients lies beside: how the binary is started."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "clients"))
