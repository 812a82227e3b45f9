"""A process to which the rights of files mean something, also where the tests are root's."""

import os

BOUND_BY_RIGHTS = () if os.geteuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""What its command begins with: root without the two capabilities that pass over them."""
