using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The modes, each with what makes its random tables.</summary>
internal sealed class RandomSpaces : TheoryData<string>
{
    private static readonly (Func<string, int, RandomSpace> Make, string[] Modes)[] Kinds =
    [
        ((mode, seed) => new X86Space(mode, seed), ["ia32", "pae", "ia32e", "la57"]),
        ((mode, seed) => new EptSpace(mode, seed), ["ept", "ept5"]),
        ((mode, seed) => new NptSpace(mode, seed), ["npt", "npt5"]),
        ((mode, seed) => new RiscVSpace(mode, seed),
            ["sv32", "sv39", "sv48", "sv57", "sv32x4", "sv39x4", "sv48x4", "sv57x4"]),
        ((mode, seed) => new AArch64Space(mode, seed), ["aarch64-4k", "aarch64-16k", "aarch64-64k"]),
        ((mode, seed) => new AArch64Stage2Space(mode, seed), ["aarch64-s2-4k", "aarch64-s2-16k", "aarch64-s2-64k"]),
        ((mode, seed) => new ArmShortSpace(mode, seed), ["arm-short"]),
        ((mode, seed) => new ArmLpaeSpace(mode, seed), ["arm-lpae"]),
        ((mode, seed) => new PowerPcSpace(mode, seed), ["ppc32"]),
        ((mode, seed) => new MipsSpace(mode, seed), ["mips32"]),
    ];

    private static readonly Dictionary<string, Func<string, int, RandomSpace>> Makers =
        Kinds.SelectMany(k => k.Modes.Select(m => (Mode: m, k.Make))).ToDictionary(k => k.Mode, k => k.Make);

    public RandomSpaces() => AddRange([.. Makers.Keys]);

    /// <summary>All modes that have random tables.</summary>
    public static IReadOnlyCollection<string> Modes => Makers.Keys;

    /// <summary>Random tables of a mode.</summary>
    public static RandomSpace Make(string mode, int seed) => Makers[mode](mode, seed);
}
