# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# Other formats: their code is generated, theirs as it is compiled.
enable_language(CXX)
find_program(FLATC flatc REQUIRED)
find_program(PROTOC protoc-c REQUIRED)
find_program(CAPNP capnp REQUIRED)
pkg_check_modules(protobuf_c REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(capnp REQUIRED IMPORTED_TARGET capnp)

set(here ${CMAKE_CURRENT_SOURCE_DIR})
set(made ${CMAKE_CURRENT_BINARY_DIR})
add_custom_command(OUTPUT device_generated.h
                   COMMAND ${FLATC} --cpp -o ${made} ${here}/device.fbs
                   DEPENDS device.fbs)
add_custom_command(OUTPUT device.pb-c.c device.pb-c.h
                   COMMAND ${PROTOC} -I${here} --c_out=${made}
                           ${here}/device.proto
                   DEPENDS device.proto)
add_custom_command(OUTPUT device.capnp.c++ device.capnp.h
                   COMMAND ${CAPNP} compile --src-prefix=${here}
                           -oc++:${made} ${here}/device.capnp
                   DEPENDS device.capnp)
set_source_files_properties(device.capnp.c++ PROPERTIES LANGUAGE CXX)

add_library(bench_peers STATIC
            peer_capnproto.cc peer_flatbuffers.cc peer_libfdt.c
            peer_protobuf.c device_generated.h device.pb-c.c device.pb-c.h
            device.capnp.c++ device.capnp.h)
target_include_directories(bench_peers PRIVATE ${made} ${here})
target_compile_options(bench_peers PRIVATE -O2)
target_link_libraries(bench_peers PUBLIC PkgConfig::protobuf_c
                      PkgConfig::capnp fdt)
target_sources(bench PRIVATE peers.c)
target_link_libraries(bench PRIVATE bench_peers)
