using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The bare guests of x86, each in the two containers they come in.</summary>
internal sealed class BareDumpData : TheoryData<string, string>
{
    public static readonly string[] Names = ["bare-x64", "bare-pae", "bare-ia32", "bare-ia32-nopse"];

    public BareDumpData()
    {
        foreach (string name in Names)
        {
            Add(name, "phys.elf.gz");
            Add(name, "machine.yaml");
        }
    }
}
