"""The configuration of a C++ toolchain that has no compiler."""

load("@bazel_tools//tools/cpp:cc_toolchain_config_lib.bzl", "tool_path")

_TOOLS = ["ar", "cpp", "gcc", "gcov", "ld", "nm", "objcopy", "objdump", "strip"]

def _impl(ctx):
    # rules_cc has no cc_common to load in the version that Bazel 7 asks for.
    # buildifier: disable=native-cc-common
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        compiler = "none",
        target_cpu = "none",
        target_libc = "none",
        target_system_name = "none",
        toolchain_identifier = "no_compiler",
        # Whoever adds C++ code is told so by the first action.
        tool_paths = [tool_path(name = tool, path = "/bin/false") for tool in _TOOLS],
    )

no_compiler_config = rule(
    implementation = _impl,
    provides = [CcToolchainConfigInfo],
)
