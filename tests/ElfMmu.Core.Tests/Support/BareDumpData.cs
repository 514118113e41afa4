using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The bare guests, each in the two containers they come in.</summary>
internal class BareDumpData : TheoryData<string, string>
{
    public static readonly string[] X86 = ["bare-x64", "bare-pae", "bare-ia32", "bare-ia32-nopse"];

    public static readonly string[] Others =
    [
        "bare-sv32", "bare-sv39", "bare-sv48", "bare-a64-4k", "bare-a64-16k", "bare-a64-64k", "bare-arm-short", "bare-arm-lpae",
        "bare-ppc32",
    ];

    public BareDumpData()
        : this([.. X86, .. Others])
    {
    }

    protected BareDumpData(string[] names)
    {
        foreach (string name in names)
        {
            Add(name, "phys.elf.gz");
            Add(name, "machine.yaml");
        }
    }
}
