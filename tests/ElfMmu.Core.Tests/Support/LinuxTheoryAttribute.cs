using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>A theory over the dumps of Linux guests; skipped, with a line that says so, where they aren't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = BigDumps.Missing(BigDumps.Linux);
}
