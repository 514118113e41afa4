using ElfMmu.Dumps;
using ElfMmu.Export;
using ElfMmu.Paging;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Export;

/// <summary>The cores of the Linux guests' pattern processes, each exported once for all tests that read it.</summary>
public sealed class LinuxCores : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, (LinuxGuest Guest, string Path)> _cores = [];

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>A guest and the core of its process.</summary>
    internal (LinuxGuest Guest, string Path) Of(string name)
    {
        if (!_cores.TryGetValue(name, out (LinuxGuest Guest, string Path) core))
        {
            core = (LinuxGuest.Load(name), _folder.File(name));
            using MemoryDump dump = MemoryDump.Open(Path.Combine(core.Guest.Folder, "phys.elf"));
            ExportSummary summary = Cores.Export(dump, Described.Space(dump), core.Path, Privilege.User);
            Assert.Equal([0], summary.Cpus);
            _cores.Add(name, core);
        }

        return core;
    }
}
