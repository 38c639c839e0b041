# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# luser_compile: how everything here is compiled.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(luser_compile INTERFACE)
target_compile_definitions(luser_compile INTERFACE
  _GNU_SOURCE _FILE_OFFSET_BITS=64)
target_compile_options(luser_compile INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wvla -Wundef -Wformat=2
  -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wwrite-strings -Wimplicit-fallthrough
  -fno-strict-aliasing -fno-semantic-interposition -fstack-protector-strong)
target_link_options(luser_compile INTERFACE -Wl,-z,relro -Wl,-z,now)

if(LUSER_WERROR)
  target_compile_options(luser_compile INTERFACE -Werror)
endif()

if(LUSER_ANALYZE)
  # GCC 12 takes for leaked what a struct behind two pointers keeps.
  target_compile_options(luser_compile INTERFACE
    -fanalyzer -Wno-analyzer-malloc-leak)
endif()

if(LUSER_FUZZ)
  target_compile_options(luser_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(LUSER_SANITIZE)
  set(sanitizers address,undefined)
  if(LUSER_SANITIZE STREQUAL memory)
    set(sanitizers memory)
  endif()
  target_compile_options(luser_compile INTERFACE
    -fsanitize=${sanitizers} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(luser_compile INTERFACE -fsanitize=${sanitizers})
else()
  # With clang, the sanitizers' runtime is in the program alone.
  target_link_options(luser_compile INTERFACE -Wl,--no-undefined)
  target_compile_definitions(luser_compile INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
endif()
