using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Opens dumps and walks address spaces for a cmdlet, telling the user what was chosen and what is lost.</summary>
/// <param name="verbose">Takes choices made.</param>
/// <param name="warning">Takes what is lost or doubtful.</param>
internal sealed class SpaceOpener(Action<string> verbose, Action<string> warning)
{
    /// <summary>Opens a dump.</summary>
    public MemoryDump Open(string path, DumpOptions options, CancellationToken cancellation)
    {
        MemoryDump dump = MemoryDump.Open(path, options, cancellation);
        Tell(dump);
        return dump;
    }

    /// <summary>Finds the address space asked for.</summary>
    public AddressSpace Choose(MemoryDump dump, SpaceRequest request, CancellationToken cancellation)
    {
        AddressSpace space = AddressSpace.Open(dump, request, cancellation);
        verbose(space.Origin);
        return space;
    }

    /// <summary>Walks a space.</summary>
    public void Walk<TSink>(AddressSpace space, WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        WalkSummary summary = space.Walk(request, ref sink);
        verbose(space.Remark(summary));
        foreach (string loss in space.Warnings(summary, request))
        {
            warning(loss);
        }
    }

    private void Tell(MemoryDump dump)
    {
        foreach (string remark in dump.Remarks)
        {
            verbose(remark);
        }

        foreach (string loss in dump.Warnings)
        {
            warning(loss);
        }
    }
}
