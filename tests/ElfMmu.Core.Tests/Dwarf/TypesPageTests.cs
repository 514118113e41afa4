using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>The examples of docs/types.md do what the page says.</summary>
public sealed class TypesPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(TestData.Folder, "..", "..", "docs", "types.md"));

    [Theory]
    [ClassData(typeof(DwarfTargets))]
    public void The_C_is_read_for_every_target(string name)
    {
        DwarfTarget target = DwarfTargets.Of(name);
        if (target.AddressSize == 4)
        {
            // The addresses of the example have 64 bits.
            Throws.Error("DwarfValueInvalid", () => Write(DwarfTypes.ParseC(Example("c"), target)));
            return;
        }

        DwarfTypeLibrary library = DwarfTypes.ParseC(Example("c"), target);
        Assert.Equal(128ul, library.SizeOf(library.Find("struct task")));
        Assert.Equal(0xffffffff82a10980, library.Declarations["init_task"].Address);
        Assert.Equal("struct list_head *[4]", library.Declarations["lists"].Type!.ToString());
        Assert.Equal(4096, library.Constants["PAGE_SIZE"].Value);
        Assert.NotEmpty(Write(library));
    }

    [Fact]
    public void The_JSON_is_read()
    {
        DwarfTypeLibrary library = DwarfTypes.ParseJson(Example("json"), DwarfTargets.Of("x86-64"));
        Assert.Equal(0x1000ul, library.SizeOf(library.Find("task")));
        Assert.Equal(
            ["state 24", "mm 1192", "pid 1200", "flag 32", " 40"],
            ((DwarfStructType)library.Find("task")!).Members.Select(m => $"{m.Name} {m.Offset}"));
        Assert.NotEmpty(Write(library));
    }

    private static IReadOnlyList<DwarfSection> Write(DwarfTypeLibrary library)
    {
        var unit = new DwarfUnit();
        library.AddTo(unit);
        return DwarfWriter.Write(unit, library.Target);
    }

    private static string Example(string language)
    {
        string fence = "```" + language + "\n";
        int start = Page.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return Page[start..Page.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
