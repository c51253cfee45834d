# Copyright (c) 2026 The boost_selectors authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE_1_0.txt or copy at https:#www.boost.org/LICENSE_1_0.txt)

import selectors, socket

sel = selectors.DefaultSelector()
a, b = socket.socketpair()
sel.register(a, selectors.EVENT_READ, "the left one")
b.send(b"hello")
for key, mask in sel.select(timeout=1):
    print(key.data, key.fileobj.recv(16))
sel.unregister(a)
sel.close()
