import { buildSchema } from 'graphql';

/** The part of GitHub’s GraphQL schema that is answered here, names and nullability as GitHub’s. */
export const schema = buildSchema(/* GraphQL */ `
  scalar DateTime
  scalar URI
  scalar GitObjectID

  type Query {
    repository(owner: String!, name: String!, followRenames: Boolean = true): Repository
    rateLimit(dryRun: Boolean = false): RateLimit
  }

  type RateLimit {
    limit: Int!
    cost: Int!
    remaining: Int!
    used: Int!
    nodeCount: Int!
    resetAt: DateTime!
  }

  type Repository {
    id: ID!
    name: String!
    nameWithOwner: String!
    isPrivate: Boolean!
    url: URI!
    defaultBranchRef: Ref
    latestRelease: Release
    release(tagName: String!): Release
    releases(after: String, before: String, first: Int, last: Int, orderBy: ReleaseOrder): ReleaseConnection!
    ref(qualifiedName: String!): Ref
    refs(
      after: String
      before: String
      first: Int
      last: Int
      query: String
      refPrefix: String!
      orderBy: RefOrder
    ): RefConnection
  }

  input ReleaseOrder {
    field: ReleaseOrderField!
    direction: OrderDirection!
  }
  enum ReleaseOrderField {
    CREATED_AT
    NAME
  }
  input RefOrder {
    field: RefOrderField!
    direction: OrderDirection!
  }
  enum RefOrderField {
    TAG_COMMIT_DATE
    ALPHABETICAL
  }
  enum OrderDirection {
    ASC
    DESC
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  type ReleaseConnection {
    nodes: [Release]
    edges: [ReleaseEdge]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type ReleaseEdge {
    cursor: String!
    node: Release
  }

  type Release {
    id: ID!
    databaseId: Int
    tagName: String!
    name: String
    description: String
    isDraft: Boolean!
    isPrerelease: Boolean!
    isLatest: Boolean!
    immutable: Boolean!
    createdAt: DateTime!
    updatedAt: DateTime!
    publishedAt: DateTime
    url: URI!
    tagCommit: Commit
    releaseAssets(after: String, before: String, first: Int, last: Int, name: String): ReleaseAssetConnection!
  }

  type ReleaseAssetConnection {
    nodes: [ReleaseAsset]
    edges: [ReleaseAssetEdge]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type ReleaseAssetEdge {
    cursor: String!
    node: ReleaseAsset
  }

  type ReleaseAsset {
    id: ID!
    name: String!
    contentType: String!
    size: Int!
    digest: String
    downloadCount: Int!
    downloadUrl: URI!
    url: URI!
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  type RefConnection {
    nodes: [Ref]
    edges: [RefEdge]
    pageInfo: PageInfo!
    totalCount: Int!
  }
  type RefEdge {
    cursor: String!
    node: Ref
  }

  type Ref {
    id: ID!
    name: String!
    prefix: String!
    target: GitObject
  }

  interface GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
  }

  type Commit implements GitObject {
    id: ID!
    oid: GitObjectID!
    abbreviatedOid: String!
    committedDate: DateTime!
  }
`);
