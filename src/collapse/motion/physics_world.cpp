#include "collapse/motion/physics_world.h"

#include "collapse/motion/collision_hull.h"

#include <btBulletDynamicsCommon.h>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace platefall::collapse {
namespace {

using Eigen::Matrix3d;
using Eigen::Quaterniond;
using Eigen::Vector3d;

// Who collides with whom. Light pieces do not mind each other: there are many, and nobody sees it.
constexpr int kFixed = 1, kMoving = 2, kLight = 4;
constexpr double kGround_m = 2000, kGroundDepth_m = 20;
constexpr double kLight_kg = 40;

btVector3 to_bullet(const Vector3d& v)
{
    return {v.x(), v.y(), v.z()};
}

Vector3d from_bullet(const btVector3& v)
{
    return {v.x(), v.y(), v.z()};
}

btQuaternion to_bullet(const Quaterniond& q)
{
    return {q.x(), q.y(), q.z(), q.w()};
}

Quaterniond from_bullet(const btQuaternion& q)
{
    return Quaterniond(q.w(), q.x(), q.y(), q.z()).normalized();
}

/// Axes in which a symmetric inertia is diagonal, right-handed. A diagonal one keeps the axes of the world, so that
/// what stands upright stays so to the last bit.
Matrix3d principal_axes(const Matrix3d& inertia)
{
    const Vector3d off(inertia(0, 1), inertia(0, 2), inertia(1, 2));
    if (off.cwiseAbs().maxCoeff() <= 1e-9 * inertia.trace())
        return Matrix3d::Identity();
    Matrix3d axes = Eigen::SelfAdjointEigenSolver<Matrix3d>(inertia).eigenvectors();
    if (axes.determinant() < 0)
        axes.col(2) *= -1;
    return axes;
}

struct Body {
    std::vector<int> pieces;
    std::unique_ptr<btCompoundShape> compound;       // of more pieces than one
    std::unique_ptr<btConvexHullShape> turned;       // of one piece, in its principal axes
    std::unique_ptr<btRigidBody> rigid;
    Quaterniond rest_from_body = Quaterniond::Identity();
    btScalar mass = 0;
    btVector3 inertia{0, 0, 0};
    int group = kMoving;
};

btDefaultCollisionConstructionInfo roomy()
{
    btDefaultCollisionConstructionInfo info;
    info.m_defaultMaxPersistentManifoldPoolSize = 16384;
    info.m_defaultMaxCollisionAlgorithmPoolSize = 16384;
    return info;
}

struct Found final : btBroadphaseAabbCallback {
    std::vector<int> bodies;
    bool process(const btBroadphaseProxy* proxy) override
    {
        bodies.push_back(static_cast<btCollisionObject*>(proxy->m_clientObject)->getUserIndex());
        return true;
    }
};

}  // namespace

struct PhysicsWorld::State {
    const Structure& structure;
    double shrink_m;
    btDefaultCollisionConfiguration configuration{roomy()};
    btCollisionDispatcher dispatcher{&configuration};
    btDbvtBroadphase broadphase;
    btSequentialImpulseConstraintSolver solver;
    std::vector<std::unique_ptr<btCollisionShape>> shapes;      // of ground, obstacles and bodies' pieces
    std::vector<std::unique_ptr<btRigidBody>> surroundings;
    std::vector<std::unique_ptr<btConvexHullShape>> hulls;      // one a piece, made when it is needed
    std::vector<std::unique_ptr<btConvexHullShape>> outgrown;   // of pieces crushed since
    std::vector<double> scales;
    std::vector<std::unique_ptr<Body>> bodies;                  // by number; null: removed
    std::vector<int> held_body;                                 // one a piece; -1: not held
    std::vector<Contact> contacts;
    std::vector<char> touched;                                  // by body
    btDiscreteDynamicsWorld world{&dispatcher, &broadphase, &solver, &configuration};

    State(const Structure& of, const MotionSettings& settings);
    ~State();
    void add_box(const Vector3d& low, const Vector3d& high);
    std::unique_ptr<btConvexHullShape> make_hull(int piece, const Matrix3d& axes) const;
    btConvexHullShape* hull(int piece);
    int enter(std::unique_ptr<Body> body, const btTransform& place, bool fixed);
    void drop(int body);
    void read_contacts();
};

PhysicsWorld::State::State(const Structure& of, const MotionSettings& settings)
    : structure(of), shrink_m(settings.collision_shrink_m), hulls(of.pieces.size()), scales(of.pieces.size(), 1.0),
      held_body(of.pieces.size(), -1)
{
    world.setGravity({0, -settings.gravity_m_s2, 0});
    world.setForceUpdateAllAabbs(false);
    btContactSolverInfo& info = world.getSolverInfo();
    info.m_numIterations = settings.iterations;
    info.m_splitImpulse = 1;
    info.m_splitImpulsePenetrationThreshold = -0.01;
    info.m_minimumSolverBatchSize = 1;

    add_box({-kGround_m, settings.ground_m - kGroundDepth_m, -kGround_m}, {kGround_m, settings.ground_m, kGround_m});
    for (const Obstacle& obstacle : settings.obstacles)
        add_box(obstacle.low, obstacle.high);
}

PhysicsWorld::State::~State()
{
    for (int body = static_cast<int>(bodies.size()) - 1; body >= 0; --body)
        drop(body);
    for (const auto& box : surroundings)
        world.removeRigidBody(box.get());
}

void PhysicsWorld::State::add_box(const Vector3d& low, const Vector3d& high)
{
    shapes.push_back(std::make_unique<btBoxShape>(to_bullet((high - low) / 2)));
    btTransform place(btQuaternion::getIdentity(), to_bullet((low + high) / 2));
    btRigidBody::btRigidBodyConstructionInfo info(0, nullptr, shapes.back().get());
    info.m_startWorldTransform = place;
    info.m_friction = std::sqrt(0.7);
    info.m_restitution = std::sqrt(0.03);
    surroundings.push_back(std::make_unique<btRigidBody>(info));
    surroundings.back()->setUserIndex(-1);
    world.addRigidBody(surroundings.back().get(), kFixed, kMoving | kLight);
}

/// The hull of a piece about its centre of mass, seen in `axes`.
std::unique_ptr<btConvexHullShape> PhysicsWorld::State::make_hull(int piece, const Matrix3d& axes) const
{
    const Piece& it = structure.pieces[piece];
    const CollisionHull hull = collision_hull(it.solid, it.shape.centre, shrink_m, scales[piece]);
    auto result = std::make_unique<btConvexHullShape>();
    for (const Vector3d& point : hull.points)
        result->addPoint(to_bullet(axes.transpose() * point), false);
    result->setMargin(hull.margin_m);
    result->recalcLocalAabb();
    return result;
}

btConvexHullShape* PhysicsWorld::State::hull(int piece)
{
    if (!hulls[piece])
        hulls[piece] = make_hull(piece, Matrix3d::Identity());
    return hulls[piece].get();
}

int PhysicsWorld::State::enter(std::unique_ptr<Body> body, const btTransform& place, bool fixed)
{
    btCollisionShape* shape = body->compound.get();
    if (body->turned)
        shape = body->turned.get();
    else if (!shape)
        shape = hull(body->pieces.front());

    // Bullet multiplies the two sides' coefficients; the square roots make that a mean.
    const MaterialFacts& material = facts(structure.elements[structure.pieces[body->pieces.front()].element].material);
    btRigidBody::btRigidBodyConstructionInfo info(fixed ? 0 : body->mass, nullptr, shape,
                                                  fixed ? btVector3(0, 0, 0) : body->inertia);
    info.m_startWorldTransform = place;
    info.m_friction = std::sqrt(material.friction);
    info.m_restitution = std::sqrt(material.restitution);
    body->rigid = std::make_unique<btRigidBody>(info);
    body->rigid->setUserIndex(static_cast<int>(bodies.size()));
    if (!fixed)
        body->rigid->forceActivationState(DISABLE_DEACTIVATION);
    world.addRigidBody(body->rigid.get(), fixed ? kFixed : body->group,
                       fixed ? kMoving | kLight : body->group == kLight ? kFixed | kMoving : kFixed | kMoving | kLight);
    bodies.push_back(std::move(body));
    touched.push_back(0);
    return static_cast<int>(bodies.size()) - 1;
}

void PhysicsWorld::State::drop(int body)
{
    if (!bodies[body])
        return;
    world.removeRigidBody(bodies[body]->rigid.get());
    bodies[body].reset();
}

void PhysicsWorld::State::read_contacts()
{
    contacts.clear();
    std::fill(touched.begin(), touched.end(), 0);
    const auto piece_of = [&](const btCollisionObject* object, int child) {
        const int body = object->getUserIndex();
        if (body < 0)
            return -1;
        touched[body] = 1;
        return bodies[body]->compound ? bodies[body]->pieces[child] : bodies[body]->pieces.front();
    };
    for (int i = 0; i < dispatcher.getNumManifolds(); ++i) {
        const btPersistentManifold& manifold = *dispatcher.getManifoldByIndexInternal(i);
        for (int j = 0; j < manifold.getNumContacts(); ++j) {
            const btManifoldPoint& point = manifold.getContactPoint(j);
            if (point.m_appliedImpulse <= 0)
                continue;
            const btVector3 impulse = point.m_normalWorldOnB * point.m_appliedImpulse
                                      + point.m_lateralFrictionDir1 * point.m_appliedImpulseLateral1;
            contacts.push_back({.first = piece_of(manifold.getBody0(), point.m_index0),
                                .second = piece_of(manifold.getBody1(), point.m_index1),
                                .place = from_bullet(point.getPositionWorldOnB()),
                                .normal = from_bullet(point.m_normalWorldOnB),
                                .impulse_Ns = from_bullet(impulse)});
        }
    }
}

PhysicsWorld::PhysicsWorld(const Structure& structure, const MotionSettings& settings)
    : state_(std::make_unique<State>(structure, settings))
{
}

PhysicsWorld::~PhysicsWorld() = default;

void PhysicsWorld::hold(const std::vector<int>& pieces)
{
    for (const int piece : pieces) {
        auto body = std::make_unique<Body>();
        body->pieces = {piece};
        const btTransform place(btQuaternion::getIdentity(), to_bullet(state_->structure.pieces[piece].shape.centre));
        state_->held_body[piece] = state_->enter(std::move(body), place, true);
    }
}

void PhysicsWorld::let_go(const std::vector<int>& pieces)
{
    for (const int piece : pieces) {
        state_->drop(state_->held_body[piece]);
        state_->held_body[piece] = -1;
    }
}

int PhysicsWorld::add(const Cluster& cluster)
{
    auto body = std::make_unique<Body>();
    body->pieces = cluster.pieces;
    // Bullet wants principal axes: the hulls are turned into them, alone or as parts of a compound.
    const Matrix3d axes = principal_axes(cluster.rest_inertia);
    body->rest_from_body = Quaterniond(axes);
    if (cluster.pieces.size() == 1 && !axes.isIdentity()) {
        body->turned = state_->make_hull(cluster.pieces.front(), axes);
    } else if (cluster.pieces.size() > 1) {
        const btQuaternion body_from_rest = to_bullet(body->rest_from_body.conjugate());
        body->compound = std::make_unique<btCompoundShape>(true, static_cast<int>(cluster.pieces.size()));
        for (const int piece : cluster.pieces) {
            const Vector3d arm = state_->structure.pieces[piece].shape.centre - cluster.rest_centre;
            body->compound->addChildShape(btTransform(body_from_rest, to_bullet(axes.transpose() * arm)),
                                          state_->hull(piece));
        }
    }
    body->mass = cluster.mass_kg;
    body->inertia = to_bullet((axes.transpose() * cluster.rest_inertia * axes).diagonal());
    body->group = cluster.mass_kg < kLight_kg ? kLight : kMoving;
    const btTransform place(to_bullet(cluster.pose.turn * body->rest_from_body), to_bullet(cluster.pose.centre));
    const int number = state_->enter(std::move(body), place, cluster.footing == Footing::frozen);
    if (cluster.footing == Footing::moving)
        move_with(number, cluster.pose);
    return number;
}

void PhysicsWorld::remove(int body)
{
    state_->drop(body);
}

void PhysicsWorld::move_with(int body, const Pose& pose)
{
    btRigidBody& rigid = *state_->bodies[body]->rigid;
    rigid.setLinearVelocity(to_bullet(pose.velocity));
    rigid.setAngularVelocity(to_bullet(pose.spin));
}

void PhysicsWorld::freeze(int body)
{
    btRigidBody* rigid = state_->bodies[body]->rigid.get();
    state_->world.removeRigidBody(rigid);
    rigid->setLinearVelocity({0, 0, 0});
    rigid->setAngularVelocity({0, 0, 0});
    rigid->setMassProps(0, {0, 0, 0});
    rigid->updateInertiaTensor();
    state_->world.addRigidBody(rigid, kFixed, kMoving | kLight);
}

void PhysicsWorld::wake(int body)
{
    const Body& it = *state_->bodies[body];
    btRigidBody* rigid = it.rigid.get();
    state_->world.removeRigidBody(rigid);
    rigid->setCollisionFlags(rigid->getCollisionFlags() & ~btCollisionObject::CF_STATIC_OBJECT);
    rigid->setMassProps(it.mass, it.inertia);
    rigid->updateInertiaTensor();
    rigid->forceActivationState(DISABLE_DEACTIVATION);
    state_->world.addRigidBody(rigid, it.group, it.group == kLight ? kFixed | kMoving : kFixed | kMoving | kLight);
}

Pose PhysicsWorld::pose(int body) const
{
    const Body& it = *state_->bodies[body];
    const btTransform& place = it.rigid->getCenterOfMassTransform();
    return {.centre = from_bullet(place.getOrigin()),
            .turn = (from_bullet(place.getRotation()) * it.rest_from_body.conjugate()).normalized(),
            .velocity = from_bullet(it.rigid->getLinearVelocity()),
            .spin = from_bullet(it.rigid->getAngularVelocity())};
}

bool PhysicsWorld::touches_something(int body) const
{
    return state_->touched[body] != 0;
}

std::vector<int> PhysicsWorld::near(int body, double reach_m) const
{
    btVector3 low, high;
    state_->bodies[body]->rigid->getAabb(low, high);
    const btVector3 reach(reach_m, reach_m, reach_m);
    Found found;
    state_->broadphase.aabbTest(low - reach, high + reach, found);
    std::erase_if(found.bodies, [&](int other) { return other < 0 || other == body; });
    std::sort(found.bodies.begin(), found.bodies.end());
    return found.bodies;
}

void PhysicsWorld::crush(int piece, double scale)
{
    state_->scales[piece] *= scale;
    if (state_->hulls[piece])
        state_->outgrown.push_back(std::move(state_->hulls[piece]));   // a body may still use it
}

void PhysicsWorld::step(double dt_s)
{
    state_->world.stepSimulation(dt_s, 0);
    state_->read_contacts();
}

const std::vector<Contact>& PhysicsWorld::contacts() const
{
    return state_->contacts;
}

}  // namespace platefall::collapse
