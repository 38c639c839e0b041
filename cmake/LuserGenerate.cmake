# SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
# Runs gen/luser-gen. Sets LUSER_GEN_DIR and LUSER_GEN_FILES (paths in it), and
# defines the target `generate` and luser_install_generated().

# More than one python3 may be in PATH, and not each has the modules. Those that
# the tests take are wanted with the tests only.
function(luser_check_python result candidate)
  set(modules "jinja2, jsonschema, yaml")
  if(LUSER_BUILD_TESTS)
    string(APPEND modules ", elftools")
  endif()
  execute_process(COMMAND ${candidate} -c "import ${modules}"
                  RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(NOT status EQUAL 0)
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

find_program(LUSER_PYTHON NAMES python3 VALIDATOR luser_check_python
             DOC "A python3 with the modules that luser-gen imports")
if(NOT LUSER_PYTHON)
  message(FATAL_ERROR "No python3 in PATH has the modules jinja2, jsonschema, "
                      "yaml and, for the tests, elftools: run scripts/setup "
                      "build test")
endif()

set(LUSER_GEN_DIR ${PROJECT_BINARY_DIR}/gen)
set(LUSER_GEN ${LUSER_PYTHON} -B ${PROJECT_SOURCE_DIR}/gen/luser-gen)
set(patterns ${PROJECT_SOURCE_DIR}/schema ${LUSER_EXTRA_SCHEMAS})
set(schemas ${patterns})
list(TRANSFORM schemas PREPEND --schema=)
list(TRANSFORM patterns APPEND "/*")
file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${patterns}
     ${PROJECT_SOURCE_DIR}/gen/*)
list(FILTER inputs EXCLUDE REGEX "/__pycache__/")
set_property(DIRECTORY ${PROJECT_SOURCE_DIR}
             APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${inputs})

execute_process(COMMAND ${LUSER_GEN} outputs ${schemas}
                OUTPUT_VARIABLE LUSER_GEN_FILES
                OUTPUT_STRIP_TRAILING_WHITESPACE
                RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "luser-gen failed, see above")
endif()
string(REPLACE "\n" ";" LUSER_GEN_FILES "${LUSER_GEN_FILES}")

set(outputs ${LUSER_GEN_FILES})
list(TRANSFORM outputs PREPEND ${LUSER_GEN_DIR}/)
add_custom_command(
  OUTPUT ${LUSER_GEN_DIR}/stamp
  BYPRODUCTS ${outputs}
  COMMAND ${LUSER_GEN} emit --out ${LUSER_GEN_DIR} ${schemas}
  COMMAND ${CMAKE_COMMAND} -E touch ${LUSER_GEN_DIR}/stamp
  DEPENDS ${inputs}
  COMMENT "Generating code from the schemas"
  VERBATIM)
add_custom_target(generate DEPENDS ${LUSER_GEN_DIR}/stamp)

# Installs the generated files below `from`, with their folders, below `to`.
function(luser_install_generated from to)
  foreach(file ${LUSER_GEN_FILES})
    if(file MATCHES "^${from}/(.*/)?[^/]*$")
      install(FILES ${LUSER_GEN_DIR}/${file} DESTINATION ${to}/${CMAKE_MATCH_1})
    endif()
  endforeach()
endfunction()
