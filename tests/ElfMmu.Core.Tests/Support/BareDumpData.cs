using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>The bare guests, each in the containers they come in.</summary>
internal class BareDumpData : TheoryData<string, string>
{
    public static readonly string[] X86 = ["bare-x64", "bare-pae", "bare-ia32", "bare-ia32-nopse"];

    public static readonly string[] Others =
    [
        "bare-sv32", "bare-sv39", "bare-sv48", "bare-a64-4k", "bare-a64-16k", "bare-a64-64k", "bare-arm-short", "bare-arm-lpae",
        "bare-ppc32",
    ];

    /// <summary>Those of which QEMU translates nothing when asked: the guests themselves tried what is mapped.</summary>
    public static readonly string[] Probed = ["bare-mips32", "bare-mips32el"];

    public BareDumpData()
        : this([.. X86, .. Others, .. Probed])
    {
    }

    protected BareDumpData(string[] names)
    {
        foreach (string name in names)
        {
            // The guests that were probed come in one container.
            if (!Probed.Contains(name))
            {
                Add(name, "phys.elf.gz");
            }

            Add(name, "machine.yaml");
        }
    }
}
