using System.Globalization;
using System.Security.Cryptography;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Dumps.Windows;

/// <summary>Volatility 3's layers of crash dumps see the same bytes at the same physical addresses, and the same root.</summary>
public sealed class WindowsVolatilityTests : IDisposable
{
    // The root, and of each stretch of memory the first address, the size and the SHA-256 of its bytes.
    private const string Script = """
        import hashlib, sys
        from pathlib import Path
        from volatility3.framework import contexts
        from volatility3.framework.layers import crash, physical

        context = contexts.Context()
        context.config["file.location"] = Path(sys.argv[1]).as_uri()
        context.add_layer(physical.FileLayer(context, "file", "file"))
        context.config["dump.base_layer"] = "file"
        kind = crash.WindowsCrashDump64Layer if sys.argv[2] == "wide" else crash.WindowsCrashDump32Layer
        layer = kind(context, "dump", "dump")
        print(f"{layer.dtb:x}")
        for start, _, size, _ in layer._segments:
            print(f"{start:x} {size:x} {hashlib.sha256(layer.read(start, size)).hexdigest()}")
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory("volatility3")]
    [InlineData(true, 1u)]
    [InlineData(true, 5u)]
    [InlineData(false, 1u)]
    [InlineData(false, 5u)]
    public void TheSameBytesAreAtTheSameAddresses(bool wide, uint type)
    {
        byte[] memory = RawDump.Pages(400);
        Same(new WindowsDumpFile
        {
            Wide = wide,
            Type = type,
            Machine = wide ? (ushort)0x8664 : (ushort)0x14c,
            Root = 0x18_5000,
            Runs = [(1, memory[..0x9e000]), (0x100, memory[0x9e000..0x9f000]), (0x140, memory[0x9f000..0x13f000]), (0x1000, memory[0x13f000..])],
        }.Bytes(), wide);
    }

    [ToolTheory("volatility3")]
    [InlineData("dump64", true)]
    [InlineData("dump32", false)]
    public void TheyAreInWhatQemuWroteToo(string name, bool wide) => Same(WindowsQemuTests.Unpack(name + ".dmp"), wide);

    private void Same(byte[] bytes, bool wide)
    {
        string path = _folder.Write("dump.dmp", bytes);
        ToolResult result = Tools.Run(Tools.VolatilityPython!, _folder.Write("read.py", Script), path, wide ? "wide" : "narrow");
        Assert.True(result.ExitCode == 0, result.Errors);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        using MemoryDump dump = MemoryDump.Open(path);
        Assert.Equal(ulong.Parse(lines[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), dump.Machine.Cpus[0]["cr3"]);
        Assert.Equal(dump.Memory.Runs.Select(r => Line(dump, r)), lines[1..]);
    }

    private static string Line(MemoryDump dump, PhysicalRun run)
    {
        byte[] bytes = new byte[run.Size];
        Assert.True(dump.Memory.TryRead(run.Start, bytes));
        return $"{run.Start:x} {run.Size:x} {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }
}
