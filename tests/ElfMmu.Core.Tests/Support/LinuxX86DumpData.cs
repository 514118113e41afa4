using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The Linux dumps of x86, of which QEMU lists every leaf.</summary>
internal sealed class LinuxX86DumpData : TheoryData<string>
{
    public LinuxX86DumpData() => AddRange(BigDumps.LinuxX86);
}
