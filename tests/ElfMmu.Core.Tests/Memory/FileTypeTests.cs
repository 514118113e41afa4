using System.Diagnostics;
using ElfMmu.Dumps;
using ElfMmu.Inspection;
using ElfMmu.Memory;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Memory;

/// <summary>Pipes and devices are refused unopened, wherever they turn up: nobody writes to these pipes, and opening one would wait for ever.</summary>
public sealed class FileTypeTests : IDisposable
{
    private const int MostSeconds = 60;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolFact("mkfifo")]
    public async Task A_pipe_is_refused()
    {
        string pipe = Pipe("a.yaml");
        string link = _folder.File("link");
        File.CreateSymbolicLink(link, pipe);
        foreach (string path in new[] { pipe, link })
        {
            Assert.Contains("a pipe", await Refusal(path), StringComparison.Ordinal);
        }
    }

    [ToolFact("mkfifo")]
    public async Task A_device_is_refused()
    {
        Assert.Contains("a character device", await Refusal("/dev/zero"), StringComparison.Ordinal);
    }

    [ToolFact("mkfifo")]
    public async Task Pipes_beside_a_dump_are_passed_over()
    {
        byte[] memory = RawDump.Pages(4);
        string raw = _folder.Write("mem.raw", memory);
        string vmem = _folder.Write("m.vmem", memory);
        Pipe("a.yaml");
        Pipe("m.vmss");
        foreach (string path in new[] { raw, vmem })
        {
            ulong size = await Task.Run(() =>
            {
                using MemoryDump dump = MemoryDump.Open(path, new DumpOptions { RamBase = path == raw ? 0 : null });
                Assert.NotNull(new DumpInspector().Inspect(dump));
                return dump.Memory.Size;
            }).WaitAsync(TimeSpan.FromSeconds(MostSeconds));
            Assert.Equal((ulong)memory.Length, size);
        }
    }

    [ToolFact("mkfifo")]
    public async Task A_pipe_that_a_machine_names_is_refused()
    {
        Pipe("low.bin");
        var machine = new SmallMachine("ia32e");
        _folder.Write("high.bin", machine.Memory.AsSpan(0x6000));
        string yaml = _folder.Write("machine.yaml", System.Text.Encoding.UTF8.GetBytes(machine.Yaml("low.bin", "high.bin")));
        Assert.Contains("a pipe", await Refusal(yaml), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_read_however_they_are_named()
    {
        string path = _folder.Write("ä ö.raw", RawDump.Pages(1));
        Assert.Null(FileType.Unreadable(path));
        Assert.Null(FileType.Unreadable(_folder.Write("empty", [])));
        Assert.Null(FileType.Unreadable(_folder.File("none")));
    }

    private static async Task<string> Refusal(string path) =>
        await Task.Run(() => Throws.Error("FileOpenFailed", () => MemoryDump.Open(path).Dispose()).Message).WaitAsync(TimeSpan.FromSeconds(MostSeconds));

    private string Pipe(string name)
    {
        string path = _folder.File(name);
        using Process made = Process.Start("mkfifo", path);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }
}
