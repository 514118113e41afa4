using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The Linux dumps.</summary>
internal sealed class LinuxDumpData : TheoryData<string>
{
    public LinuxDumpData() => AddRange(BigDumps.Linux);
}
