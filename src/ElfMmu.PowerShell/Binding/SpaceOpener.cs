using System.Management.Automation;
using ElfMmu.Discovery;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Spaces;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Opens dumps and walks address spaces for a cmdlet, telling the user what was chosen and what is lost.</summary>
/// <param name="cmdlet">The cmdlet, whose streams take that.</param>
internal sealed class SpaceOpener(CancellableCmdlet cmdlet)
{
    /// <summary>Opens a dump.</summary>
    public MemoryDump Open(string path, DumpOptions options, CancellationToken cancellation)
    {
        MemoryDump dump = cmdlet.OpenDump(path, options, cancellation);
        cmdlet.Damage.Add(dump);
        try
        {
            Tell(dump.Remarks, dump.Warnings);
            return dump;
        }
        catch
        {
            // Writing throws when the pipeline is being stopped.
            dump.Dispose();
            throw;
        }
    }

    /// <summary>Takes note of a dump that was opened otherwise, so that damage in it is told when the cmdlet ends.</summary>
    public void Watch(MemoryDump dump) => cmdlet.Damage.Add(dump);

    /// <summary>Finds the address spaces asked for in a dump, which is closed with them.</summary>
    public SpaceSource Choose(MemoryDump dump, SpaceRequest request, bool all, CancellationToken cancellation)
    {
        cmdlet.Damage.Add(dump);
        var search = new BackgroundSearch(cmdlet);
        SpaceSource source = all
            ? SpaceSource.OpenAll(dump, request, search.Find, cancellation)
            : SpaceSource.Open(dump, request, search.Find, cancellation);
        cmdlet.Damage.Add(source.Dump);
        try
        {
            Tell(source.Remarks, source.Warnings);
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens one of the address spaces.</summary>
    public AddressSpace OpenSpace(SpaceSource source, SpaceRequest request, CancellationToken cancellation)
    {
        AddressSpace space = source.OpenSpace(request, cancellation);
        cmdlet.WriteVerbose(space.Origin);
        return space;
    }

    /// <summary>Searches a dump for roots.</summary>
    public RootSearch Find(MemoryDump dump, RootSearchOptions options, CancellationToken cancellation)
    {
        RootSearch search = SpaceCache.Of(dump).Search(options, new BackgroundSearch(cmdlet).Find, cancellation);
        Tell(search.Remarks, search.Warnings);
        return search;
    }

    /// <summary>Walks a space, or takes what is known of it from an earlier walk.</summary>
    public void Walk<TSink>(AddressSpace space, WalkRequest request, ref TSink sink)
        where TSink : struct, IMappingSink
    {
        WalkReport report = space.WalkKept(request, ref sink);
        Tell([report.Remark], report.Warnings);
    }

    /// <summary>Writes remarks to the verbose stream and warnings to the warning stream.</summary>
    public void Tell(IEnumerable<string> remarks, IEnumerable<string> warnings)
    {
        foreach (string remark in remarks)
        {
            cmdlet.WriteVerbose(remark);
        }

        foreach (string warning in warnings)
        {
            cmdlet.WriteWarning(warning);
        }
    }
}
