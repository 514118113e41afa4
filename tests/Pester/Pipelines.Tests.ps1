# Pipelines across the cmdlets: what one emits the next one takes, without anything being said twice. What the sample's processes hold is
# known (samples/README.md), so what comes out at the end is compared with that.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $WarningPreference = 'SilentlyContinue'
    $sample = Get-SampleDump
    $dump = Open-MemoryDump $sample
    $folder = (New-Item -ItemType Directory "$TestDrive/work").FullName
    $processes = 0x904000ul, 0x942000ul, 0x958000ul, 0x96e000ul
    $regions = Get-SampleRegion
    Push-Location $folder

    # What a region has at an address of it.
    function Get-Word($Region, [ulong]$Address) {
        (($Region.TagStart + ($Address - $Region.Start)) -band 0xfffffffffffful) -bxor ($Region.Tag -shl 48)
    }

    function Get-Region([string]$Kind) {
        $regions | Where-Object Kind -EQ $Kind
    }
}

AfterAll {
    Close-MemoryDump $dump
    Pop-Location
}

Describe 'From a dump to cores' {
    It 'goes the same way with an opened dump as with a path' {
        $dump | Find-PageTableRoot | Where-Object Root -In $processes | Get-PageTableMapping -Privilege User |
            Export-ElfCore -Path { 'opened-{0:x}.elf' -f $_.Root } -Privilege User
        $sample | Find-PageTableRoot | Where-Object Root -In $processes | Get-PageTableMapping -Privilege User |
            Export-ElfCore -Path { 'path-{0:x}.elf' -f $_.Root } -Privilege User
        foreach ($root in $processes) {
            Get-Hash ('opened-{0:x}.elf' -f $root) | Should -Be (Get-Hash ('path-{0:x}.elf' -f $root))
        }
    }

    It 'opens, finds, walks, and closes in one line' {
        $opened = Open-MemoryDump $sample
        $opened | Find-PageTableRoot -Top 1 | Get-PageTableMapping -Rights wx | ForEach-Object { Close-MemoryDump $opened; $_ } |
            Export-ElfCore wx.elf -PassThru | Should -Exist
        $opened.IsClosed | Should -BeTrue
    }
}

Describe 'From a mapping to everybody who has it' {
    It 'finds the processes that share memory, and reads the same in each' {
        $shared = Get-Region 'shared-with-workers'
        $places = Get-PageTableMapping $dump -MinimumAddress $shared.Start -MaximumAddress ($shared.Start + $shared.Size - 1) |
            Resolve-PhysicalAddress -AllRoots | Where-Object UserRights -NE '---'
        $places.Root | Sort-Object -Unique | Should -Be $processes
        $values = $places | Read-VirtualMemory -Type u64 | Sort-Object -Unique
        $values | Should -Be (Get-PageTableMapping $dump -MinimumAddress $shared.Start -MaximumAddress ($shared.Start + $shared.Size - 1) |
                ForEach-Object { Get-Word $shared $_.VirtualAddress } | Sort-Object -Unique)
    }

    It 'finds the alias of a page that can''t be written' {
        $writable, $readable = (Get-Region 'memfd-alias-rw'), (Get-Region 'memfd-alias-ro')
        $names = Get-PageTableMapping $dump -Privilege User -MinimumAddress $readable.Start -MaximumAddress $readable.Start |
            Resolve-PhysicalAddress | Where-Object UserRights -NE '---'
        $names.VirtualAddress | Sort-Object | Should -Be $writable.Start, $readable.Start
        $names | Get-PageTableMapping -Rights w -Privilege User | Where-Object VirtualAddress -EQ $writable.Start | Should -Not -BeNullOrEmpty
    }

    It 'finds what is writable and executable, and who writes it in other words' {
        $both = Get-Region 'private-rwx'
        Get-PageTableMapping $dump -Privilege User -Rights wx | Resolve-PhysicalAddress -AllRoots |
            Read-VirtualMemory -Type u64 -WithAddress | Group-Object Value | ForEach-Object { [ulong]$_.Name } | Sort-Object |
            Should -Be (Get-PageTableMapping $dump -Privilege User -Rights wx | ForEach-Object { Get-Word $both $_.VirtualAddress } | Sort-Object)
    }
}

Describe 'From a difference to the bytes' {
    It 'reads on both sides what two processes have at the same address' {
        $first, $second = Find-PageTableRoot $dump | Where-Object Root -In $processes[0, 1] | Sort-Object Root
        $changes = Compare-PageTableMapping $first $second -Privilege User | Where-Object SideIndicator -EQ '<>'
        $changes | Should -Not -BeNullOrEmpty
        foreach ($change in $changes | Select-Object -First 5) {
            $before = Get-PageTableMapping -Space $change.BeforeSpace -MinimumAddress $change.VirtualAddress -MaximumAddress $change.VirtualAddress
            $after = Get-PageTableMapping -Space $change.AfterSpace -MinimumAddress $change.VirtualAddress -MaximumAddress $change.VirtualAddress
            $before.PhysicalAddress | Should -Be $change.BeforePhysicalAddress
            $after.PhysicalAddress | Should -Be $change.AfterPhysicalAddress
            ($before | Read-VirtualMemory -Length 64)[0] | Should -Be (Read-VirtualMemory $dump $change.BeforePhysicalAddress -Physical -Length 64)[0]
        }
    }

    It 'exports what only one process has' {
        $first, $second = Find-PageTableRoot $dump | Where-Object Root -In $processes[0, 1] | Sort-Object Root
        $only = Compare-PageTableMapping $first $second -Privilege User | Where-Object SideIndicator -EQ '<='
        $starts = [Collections.Generic.HashSet[ulong]]::new([ulong[]]$only.VirtualAddress)
        $first | Get-PageTableMapping -Privilege User | Where-Object { $starts.Contains($_.VirtualAddress) } |
            Export-ElfCore only.elf -Privilege User
        $loads = Read-ElfLoad "$folder/only.elf"
        $region = Get-Region 'high-va'
        $pieces = @(Read-CorePiece "$folder/only.elf" $loads $region.Start $region.Size)
        $pieces | Should -Not -BeNullOrEmpty
        $pieces | ForEach-Object { Find-PatternBreak $_ $region } | Should -BeNullOrEmpty
    }
}
