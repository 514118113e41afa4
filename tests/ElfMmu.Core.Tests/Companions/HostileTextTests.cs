using System.Diagnostics;
using ElfMmu.Companions;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Companions;

/// <summary>Texts that are made to take long, or never end.</summary>
public sealed class HostileTextTests
{
    [Fact]
    public void WhatSaysItIsEmptyIsReadAsFarAsATextMayGo()
    {
        using var folder = new TempFolder();
        string text = new('\u00e4', 70_000);
        Assert.Equal(text, TextFile.ReadUpTo(folder.Write("text", text), 140_000));
        Throws.Error("TextTooLong", () => TextFile.ReadUpTo(folder.File("text"), 139_999));
        if (File.Exists("/dev/zero"))
        {
            Throws.Error("TextTooLong", () => TextFile.ReadUpTo("/dev/zero", 1 << 20));
        }
    }

    [Theory]
    [InlineData(":")]
    [InlineData(":t ")]
    [InlineData(":1234567 ")]
    public void LinesOfColonsTakeTimeThatGrowsWithThem(string repeated)
    {
        string line = string.Concat(Enumerable.Repeat(repeated, (2 << 20) / repeated.Length));
        var watch = Stopwatch.StartNew();
        Assert.Single(SymbolReader.Read($"ffffffff81000000 T start\n{line}x\n", "text", SymbolFormat.Kallsyms, new SourceNotes()));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{watch.Elapsed}");
    }
}
