using Xunit;

namespace ElfMmu.Tests.Paging;

/// <summary>The modes, each with what makes its random tables.</summary>
internal sealed class RandomSpaces : TheoryData<string>
{
    private static readonly Dictionary<string, Func<string, int, RandomSpace>> Makers = new()
    {
        ["ia32"] = (mode, seed) => new X86Space(mode, seed),
        ["pae"] = (mode, seed) => new X86Space(mode, seed),
        ["ia32e"] = (mode, seed) => new X86Space(mode, seed),
        ["la57"] = (mode, seed) => new X86Space(mode, seed),
    };

    public RandomSpaces() => AddRange([.. Makers.Keys]);

    /// <summary>All modes that have random tables.</summary>
    public static IReadOnlyCollection<string> Modes => Makers.Keys;

    /// <summary>Random tables of a mode.</summary>
    public static RandomSpace Make(string mode, int seed) => Makers[mode](mode, seed);
}
