# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# luser_tool(NAME SOURCE...): a program with its manual page, whose options and
# shell completion come from the table in option_rows.c that it uses itself.
find_program(LUSER_RST2MAN NAMES rst2man REQUIRED)

add_library(tools_common STATIC
  ${PROJECT_SOURCE_DIR}/tools/common/option.c
  ${PROJECT_SOURCE_DIR}/tools/common/say.c
  ${PROJECT_SOURCE_DIR}/tools/common/util.c)
target_include_directories(tools_common PUBLIC
  ${PROJECT_SOURCE_DIR}/tools/common)
target_link_libraries(tools_common PUBLIC luser luser_compile)

function(luser_tool name)
  add_executable(${name} ${ARGN} option_rows.c)
  target_compile_definitions(${name} PRIVATE
    LUSER_VERSION="${PROJECT_VERSION}")
  target_link_libraries(${name} PRIVATE tools_common)
  set_target_properties(${name} PROPERTIES
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

  add_executable(${name}-docs ${PROJECT_SOURCE_DIR}/tools/common/docs.c
                 option_rows.c)
  target_include_directories(${name}-docs PRIVATE
    ${PROJECT_SOURCE_DIR}/tools/common)
  target_link_libraries(${name}-docs PRIVATE luser luser_compile)
  set(docs ${CMAKE_CURRENT_BINARY_DIR})
  configure_file(${name}.rst ${docs}/${name}.rst @ONLY)
  add_custom_command(
    OUTPUT ${docs}/${name}.1 ${docs}/${name}.bash
    COMMAND ${name}-docs man > ${docs}/options.rst
    COMMAND ${name}-docs checks > ${docs}/checks.rst
    COMMAND ${name}-docs bash > ${docs}/${name}.bash
    COMMAND ${LUSER_RST2MAN} --halt=warning ${docs}/${name}.rst
            ${docs}/${name}.1
    DEPENDS ${name}-docs ${name}.rst
    COMMENT "Writing ${name}'s manual page and completion"
    VERBATIM)
  add_custom_target(${name}-pages ALL
                    DEPENDS ${docs}/${name}.1 ${docs}/${name}.bash)

  install(TARGETS ${name})
  install(FILES ${docs}/${name}.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${docs}/${name}.bash RENAME ${name}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endfunction()
