using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ElfMmu.Cli.Tests;

/// <summary>What only a real process shows: exit codes, a reader that goes away, and signals.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SyntheticDump _dump = SyntheticDump.Typical();

    public void Dispose() => _dump.Dispose();

    [Theory]
    [InlineData(0, "--version")]
    [InlineData(1, "info", "nothing")]
    [InlineData(2)]
    [InlineData(2, "map", "--nonsense")]
    public async Task The_exit_code_reaches_the_caller(int code, params string[] args)
    {
        using Process process = Start(args);
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await Wait(process);
        Assert.Equal(code, process.ExitCode);
        Assert.Equal(code == 0, (await error).Length == 0);
    }

    [Fact]
    public async Task A_machine_description_is_read_by_the_assembly_beside_the_tool()
    {
        string machine = _dump.WriteText("machine.yaml", "cpu:\n  registers_values:\n    cr3: 0x1000\nmmu:\n  mode: ia32e\n");
        using Process process = Start("map", _dump.Path, "--machine", machine, "--format", "csv");
        string output = await process.StandardOutput.ReadToEndAsync();
        await Wait(process);
        Assert.Equal(6, output.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_it_quietly()
    {
        using var big = new SyntheticDump(16 << 20);
        for (ulong page = 0; page < 200_000; page++)
        {
            big.Map(page << 12, page % 7 << 12, SyntheticDump.User);
        }

        big.Save();
        using Process process = Start("map", big.Path, "--root", "0x1000", "--mode", "ia32e", "--format", "csv");
        Assert.StartsWith("VirtualAddress", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        process.StandardOutput.Close();
        string error = await process.StandardError.ReadToEndAsync();
        await Wait(process);
        Assert.Equal("", error);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_signal_during_an_export_leaves_nothing_behind(int signal)
    {
        if (OperatingSystem.IsWindows() || IsIgnored(signal))
        {
            return;
        }

        // 64 GiB of one page, one hole, one page and so on, all of it mapped: long enough to be interrupted, and 256 MiB on the
        // disk.
        const long Size = 64L << 30;
        const long Stride = 1 << 20;
        using (var dump = new SyntheticDump(0x10000))
        {
            dump.Write(0x1000, 0x2000 | SyntheticDump.User);
            for (ulong i = 0; i < 64; i++)
            {
                dump.Write(0x2000 + (i * 8), (i << 30) | SyntheticDump.Large | SyntheticDump.User);
            }

            dump.Save();
            using (FileStream stream = File.OpenWrite(dump.Path))
            {
                stream.SetLength(Size);
                for (long offset = Stride; offset < Size; offset += Stride)
                {
                    RandomAccess.Write(stream.SafeFileHandle, [1, 2, 3, 4], offset);
                }
            }

            string output = dump.WriteText("out.core", "old");
            using Process process = Start("export", dump.Path, output, "--root", "0x1000", "--mode", "ia32e");
            Task<string> error = process.StandardError.ReadToEndAsync();

            // On a thread of its own and by the system call, or a busy machine has the export done before the signal is sent.
            await Task.Factory.StartNew(
                () =>
                {
                    SpinWait.SpinUntil(() => process.HasExited || Directory.GetFiles(dump.Folder, ".*").Length > 0, Patience);
                    SendSignal(process.Id, signal);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            await Wait(process);
            Assert.Equal($"elfmmu: cancelled; {output} is as it was\n", await error);
            Assert.Equal(130, process.ExitCode);
            Assert.Equal("old", await File.ReadAllTextAsync(output));
            Assert.Empty(Directory.GetFiles(dump.Folder, ".*"));
        }
    }

    /// <summary>Whether this process ignores a signal, and what it starts does too: shells have jobs in the background ignore SIGINT.</summary>
    private static bool IsIgnored(int signal)
    {
        const string Field = "SigIgn:";
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line != null && (Convert.ToUInt64(line[Field.Length..].Trim(), 16) >> (signal - 1) & 1) != 0;
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "elfmmu.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static async Task Wait(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
