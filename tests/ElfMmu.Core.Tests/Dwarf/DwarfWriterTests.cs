using ElfMmu.Dwarf;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dwarf;

/// <summary>What other programs say of the debug information that is written.</summary>
public sealed class DwarfWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory("readelf")]
    [ClassData(typeof(DwarfTargets))]
    public void Readelf_has_no_complaint(string name)
    {
        string path = Write(name);
        foreach ((string what, string expected) in new[]
        {
            ("info,abbrev,aranges,str,Ranges", "DW_TAG_subprogram"), ("rawline", "End of Sequence"), ("decodedline", "printk.c"),
            ("frames", "DW_CFA_def_cfa"), ("frames-interp", "CFA"),
        })
        {
            ToolResult result = Tools.Run("readelf", "-W", "--debug-dump=" + what, path);
            Assert.Equal("", result.Errors);
            Assert.DoesNotContain("warning", result.Output, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<corrupt", result.Output, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
            Assert.Equal(0, result.ExitCode);
        }
    }

    [ToolTheory("eu-readelf")]
    [ClassData(typeof(DwarfTargets))]
    public void Elfutils_has_no_complaint(string name)
    {
        ToolResult result = Tools.Run("eu-readelf", "-w", Write(name));
        Assert.Equal("", result.Errors);
        Assert.DoesNotContain("invalid", result.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("???", result.Output, StringComparison.Ordinal);
        Assert.Contains("end of sequence", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    [ToolTheory("llvm-dwarfdump")]
    [ClassData(typeof(DwarfTargets))]
    public void Llvm_verifies_it(string name)
    {
        string path = Write(name);
        ToolResult result = Tools.Run("llvm-dwarfdump", "--verify", path);
        Assert.Equal("", result.Errors);
        Assert.True(result.ExitCode == 0, result.Output);
        Assert.Contains("No errors.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", result.Output, StringComparison.OrdinalIgnoreCase);
        ToolResult all = Tools.Run("llvm-dwarfdump", "--all", path);
        Assert.Equal("", all.Errors);
        Assert.DoesNotContain("error", all.Output, StringComparison.Ordinal);
    }

    private string Write(string name)
    {
        DwarfTarget target = DwarfTargets.Of(name);
        string path = Path.Combine(_folder.Path, name.Replace(' ', '-') + ".elf");
        File.WriteAllBytes(path, DwarfElf.Of(DwarfSample.Of(target), target));
        return path;
    }
}
