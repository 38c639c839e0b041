# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# What is linked: libelf, libfdt (which has no pkg-config file everywhere),
# ISA-L for CRC32C, json-c, libyaml, libarchive and libbpf for kernel images, and
# libkdumpfile where it is installed.
find_package(PkgConfig REQUIRED)
pkg_check_modules(archive REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(bpf REQUIRED IMPORTED_TARGET libbpf)
pkg_check_modules(elf REQUIRED IMPORTED_TARGET libelf)
pkg_check_modules(isal REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(jsonc REQUIRED IMPORTED_TARGET json-c)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)

find_library(LUSER_LIBFDT fdt REQUIRED)
find_path(LUSER_LIBFDT_INCLUDE libfdt.h REQUIRED)
add_library(fdt INTERFACE)
target_link_libraries(fdt INTERFACE ${LUSER_LIBFDT})
target_include_directories(fdt SYSTEM INTERFACE ${LUSER_LIBFDT_INCLUDE})
if(LUSER_SANITIZE STREQUAL memory)
  target_sources(fdt INTERFACE ${PROJECT_SOURCE_DIR}/cmake/msan.c)
  foreach(function fdt_getprop fdt_getprop_by_offset fdt_get_name getentropy)
    target_link_options(fdt INTERFACE -Wl,--wrap=${function})
  endforeach()
endif()

if(LUSER_KDUMPFILE STREQUAL auto)
  pkg_check_modules(kdumpfile IMPORTED_TARGET libkdumpfile)
elseif(LUSER_KDUMPFILE)
  pkg_check_modules(kdumpfile REQUIRED IMPORTED_TARGET libkdumpfile)
endif()
if(kdumpfile_FOUND)
  target_compile_definitions(luser_compile INTERFACE LUSER_HAVE_KDUMPFILE)
endif()
