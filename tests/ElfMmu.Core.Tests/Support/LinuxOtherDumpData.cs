using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The Linux dumps of which QEMU translates single addresses only.</summary>
internal sealed class LinuxOtherDumpData : TheoryData<string>
{
    public LinuxOtherDumpData() => AddRange(BigDumps.LinuxOthers);
}
