using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>A theory over the dumps of Linux guests; skipped, and says so, where they or a tool aren't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute(string tool = "") => Skip = BigDumps.Missing(BigDumps.Linux) ?? Tools.Missing(tool);
}
